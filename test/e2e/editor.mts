import type { Checks } from './checks.mts';
import type { RunningStage } from './stage.mts';

export async function checkEditor(_checks: Checks, _stage: RunningStage): Promise<void> {}
