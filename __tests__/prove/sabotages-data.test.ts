import { describeSabotages } from "./sabotages/describe-sabotages";

describeSabotages((claim) => /^[BEPXF]/.test(claim));
