import type { Issue } from '../operation/operation';
import type { Pause } from '../pause';
import type { Delivery } from './outcome';
import type { ItemReport } from './output';

/** Hides in a text what nobody may see; most texts stay as they are. */
type Hide = (text: string) => string;

export function issuesWithoutSecrets<T extends Issue>(issues: readonly T[], hide: Hide): readonly T[] {
	const isShown = issues.every(({ field, message }) => hide(field) === field && hide(message) === message);
	if (isShown) return issues;
	return issues.map((issue) => ({ ...issue, field: hide(issue.field), message: hide(issue.message) }));
}

function deliveryWithoutSecrets(delivery: Delivery, hide: Hide): Delivery {
	const { message, method, issues, warnings } = delivery;
	// Most items were taken, and nothing is said of them.
	const isSilent = message === undefined && issues === undefined && warnings === undefined;
	if (isSilent && (method === undefined || hide(method) === method)) return delivery;
	const hidden = {
		message: message && hide(message),
		method: method && hide(method),
		issues: issues && (issuesWithoutSecrets(issues, hide) as Issue[]),
		warnings: warnings && (issuesWithoutSecrets(warnings, hide) as Issue[]),
	};
	const changed = Object.entries(hidden).filter(
		([name, value]) => value !== delivery[name as keyof Delivery],
	);
	return changed.length ? { ...delivery, ...Object.fromEntries(changed) } : delivery;
}

/** The reports without secrets in what is said of the items. An event is shown as it is, or would be, sent. */
export async function reportsWithoutSecrets(
	reports: readonly ItemReport[],
	hide: Hide,
	pause: Pick<Pause, 'isDue' | 'now'>,
): Promise<ItemReport[]> {
	const shown: ItemReport[] = [];
	for (const report of reports) {
		if (pause.isDue()) await pause.now();
		const delivery = deliveryWithoutSecrets(report.delivery, hide);
		shown.push(delivery === report.delivery ? report : { ...report, delivery });
	}
	return shown;
}
