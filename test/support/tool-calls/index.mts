import { APP_METRICA } from './appMetrica.mts';
import type { ToolCalls } from './calls.mts';
import { GRAVITY_FIELD } from './gravityField.mts';
import { MY_TRACKER } from './myTracker.mts';
import { VIBETRACE } from './vibetrace.mts';

export type { ToolCalls } from './calls.mts';

export const TOOL_CALLS: readonly ToolCalls[] = [
	...MY_TRACKER,
	...APP_METRICA,
	...GRAVITY_FIELD,
	...VIBETRACE,
];
