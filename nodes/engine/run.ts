import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isAccountError } from './account';
import { systemClock, type Clock } from './clock';
import { optionsOf, readExecution, type Execution } from './execution';
import { finish, leave, NOTHING_SENT, nothingSent } from './finish';
import { createPreparing, prepareItems } from './prepare';
import { preview } from './preview';
import { openLedger, reportsOf, send, settledBefore } from './send';
import type { DroppedNames } from './check/check';
import { pack, type Prepared } from './delivery/pack';
import { readSettings, type Settings } from './operation/settings';
import type { Operation, WireForm } from './operation/operation';
import { isFailed } from './report/outcome';
import type { ItemReport } from './report/report';

/** What an execution of the node depends on beside n8n; replaced by tests. */
export interface RunEnvironment {
	clock: Clock;
}

/** Executes an operation on n8n's items: prepare, pack, send, report. */
export async function run(
	host: IExecuteFunctions,
	operation: Operation,
	environment: RunEnvironment = { clock: systemClock },
): Promise<INodeExecutionData[][]> {
	const execution = readExecution(host, operation, environment.clock);
	const { parameters, signal, continues, pause } = execution;
	if (signal?.aborted) return leave(execution, [], 'before it began');

	const dropped: DroppedNames = { names: new Map(), pairs: new Set() };
	const sendAs = parameters.sendAs ?? operation.defaults.sendAs;
	const read = readSettings(operation, sendAs, optionsOf(execution));
	if ('fault' in read) {
		const reports = notSentAtAll(execution, `${read.fault}; nothing was sent`);
		const everyItem = { output: 'everyItem', includeInputFields: false } as const;
		return finish(execution, everyItem, { reports, stats: NOTHING_SENT, dropped });
	}
	const { settings } = read;
	const form = operation[settings.sendAs];
	const preparing = await createPreparing(execution, settings, read.all, form, dropped);
	const { prepared, reports } = await prepareItems(execution, preparing);
	if (signal?.aborted) return leave(execution, reports, 'before anything was sent');

	const { batches, oversize } = packed(prepared, settings, form, operation);
	const faulty = inOrder([...reports, ...oversize]);
	const noAccount = isAccountError(preparing.account);
	if (settings.preview && !noAccount) return [await preview(execution, form, batches, faulty, dropped)];
	const cannotBeSent = faulty.filter(
		({ delivery }) => isFailed(delivery.status) && delivery.status !== 'notAttempted',
	);
	if (cannotBeSent.length && !continues) throw nothingSent(execution, cannotBeSent);
	if (noAccount) return finish(execution, settings, { reports: faulty, stats: NOTHING_SENT, dropped });

	const ledger = openLedger(execution);
	const settled = settledBefore(
		execution,
		prepared,
		new Set(faulty.map(({ index }) => index)),
		ledger,
		settings,
	);
	const left = ledger.isRepeat ? packed(settled.left, settings, form, operation).batches : batches;
	await pause.now();
	const { stats, ended, outcomes } = await send(execution, settings, form, left, ledger);
	const all = inOrder([...faulty, ...settled.reports, ...reportsOf(left, outcomes)]);
	if (signal?.aborted) return leave(execution, all, 'while sending');
	return finish(execution, settings, { reports: all, stats, dropped, ledger, ended });
}

const inOrder = (reports: ItemReport[]): ItemReport[] =>
	reports.sort((one, other) => one.index - other.index);

/** Every item as it came, not sent for a reason that holds for all. */
const notSentAtAll = ({ items }: Execution, message: string): ItemReport[] =>
	items.map(({ json }, index) => ({ index, event: json, delivery: { status: 'notAttempted', message } }));

/** Packs what may be sent; what is too large on its own is reported. */
function packed(prepared: readonly Prepared[], settings: Settings, form: WireForm, { vendor }: Operation) {
	const { batches, oversize } = pack(
		prepared,
		{
			maxEvents: settings.sendAs === 'single' ? 1 : settings.batchSize,
			maxBytes: form.limit?.bytes ?? Number.POSITIVE_INFINITY,
		},
		({ event, target }) => form.envelope(event, target),
	);
	const reports = oversize.map(({ item: { index, event }, bytes }): ItemReport => {
		const [size, most] = [bytes, form.limit?.bytes ?? bytes].map((count) => count.toLocaleString('en-US'));
		const message = `The event alone takes ${size} bytes of ${form.limit?.of}, more than ${vendor}'s limit of ${most}; make it smaller`;
		return { index, event, delivery: { status: 'oversize', method: form.method(event), message } };
	});
	return { batches, oversize: reports };
}
