import { describeSabotages } from "./sabotages/describe-sabotages";

describeSabotages((claim) => /^[DA]/.test(claim));
