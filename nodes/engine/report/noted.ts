import type { DroppedNames } from './dropped';
import type { Issue } from '../operation/operation';
import type { ItemReport } from './output';

/** Different messages of warnings that are kept for the hint. */
const KEPT_MESSAGES = 4;

/** For the hint after the run. */
export function noteWarnings(dropped: DroppedNames, warnings: readonly Issue[]): void {
	const warned = (dropped.warned ??= { events: 0, messages: new Set() });
	warned.events++;
	for (const { message } of warnings) if (warned.messages.size < KEPT_MESSAGES) warned.messages.add(message);
}

/** What the answers of a run give a reason to tell. `isWarned`: whether an item is counted among those with warnings already. */
export function noteAnswers(
	dropped: DroppedNames,
	reports: readonly ItemReport[],
	isWarned: (index: number) => boolean,
): void {
	for (const { index, delivery, remark } of reports) {
		if (delivery.warnings) {
			noteWarnings(dropped, delivery.warnings);
			if (isWarned(index) && dropped.warned) dropped.warned.events--;
		}
		if (remark !== undefined) {
			const remarks = (dropped.remarks ??= new Map());
			remarks.set(remark, (remarks.get(remark) ?? 0) + 1);
		}
	}
}
