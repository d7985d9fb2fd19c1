import { describeSabotages } from "./sabotages/describe-sabotages";

describeSabotages((claim) => /^[TL]/.test(claim));
