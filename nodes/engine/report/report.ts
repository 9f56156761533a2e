export { failureTitle } from './failure';
export { outputItems, type ItemReport, type RunCounts } from './output';

import { failureLines } from './failure';
import type { ItemReport } from './output';

export const failuresInWords = (reports: readonly ItemReport[]): string => failureLines(reports).join('\n');
