import { describeSabotages } from "./sabotages/describe-sabotages";

describeSabotages((claim) => /^[ZRSIN]/.test(claim));
