import partition from 'lodash/partition';
import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { isAccountError } from './account';
import { systemClock } from './clock';
import { optionsOf, readExecution, type Execution, type RunEnvironment } from './execution';
import { finish, leave, NOTHING_SENT, nothingSent } from './finish';
import { internalErrorMessage } from './internalError';
import { createPreparing, prepareItems } from './prepare';
import { preview } from './preview';
import { earlierReport, statusOf } from './earlier';
import { openLedger, reportsOf, send } from './send';
import { withPauses } from './steps';
import { openMemory } from './deduplication/memory';
import type { Remembered } from './deduplication/keyStore';
import { duplicateReports, KEYS_NOT_LOOKED_UP, previewedRepeat, splitRepeats } from './deduplication/repeats';
import type { DroppedNames } from './report/dropped';
import type { Ledger } from './delivery/ledger';
import { createQuoteMask } from './delivery/mask';
import { mergeEvents, splitHint } from './delivery/merge';
import { Packer, type Batch, type Prepared } from './delivery/pack';
import { batchingOf, readMappingMode, readSettings, type Settings } from './operation/settings';
import type { MappingMode } from './mapping/mapping';
import type { Issue, Json, Operation } from './operation/operation';
import { notSentReport, oversizeReport, WAITING } from './unsent';
import { noteAnswers } from './report/noted';
import { resendRule } from './report/outcome';
import { toolMessage } from './report/toolMessage';
import type { ItemReport } from './report/output';

const NONE_KNOWN: ReadonlyMap<number, Remembered> = new Map();

/** Executes an operation on n8n's items: prepare, pack, send, report. */
export async function run(
	host: IExecuteFunctions,
	operation: Operation,
	environment: RunEnvironment = { clock: systemClock },
): Promise<INodeExecutionData[][]> {
	const execution = readExecution(host, operation, environment);
	const { signal } = execution;
	if (signal?.aborted) return leave(execution, [], 'before it began');

	const dropped: DroppedNames = { names: new Map(), pairs: new Set() };
	const read = readAllSettings(execution);
	if ('fault' in read) return await refuse(execution, `${read.fault}; nothing was sent`, dropped);
	const { settings, all } = read;
	const ledger = settings.preview ? undefined : openLedger(execution, batchingOf(operation, settings, all));
	let thrown: unknown;
	try {
		return await runItems(execution, read, dropped, ledger);
	} catch (error) {
		if (signal?.aborted) return leave(execution, [], 'while it ran');
		thrown = error;
	}
	if (thrown instanceof NodeOperationError) throw thrown;
	// A fault of ours. What was sent before it stands in the ledger.
	return await refuse(execution, internalErrorMessage('ended the run', thrown), dropped, ledger);
}

async function runItems(
	begun: Execution,
	{ settings, all, mappingMode }: RunSettings,
	dropped: DroppedNames,
	ledger: Ledger | undefined,
): Promise<INodeExecutionData[][]> {
	const { operation, signal, continues, pause } = begun;
	const preparing = await createPreparing(begun, settings, all, mappingMode, dropped);
	const { prepared: checked, faulty, settled } = await prepareItems(begun, settings, preparing, ledger);
	// A user may have mapped a secret into an event.
	const execution = { ...begun, hide: createQuoteMask(preparing.accounts.secrets()) };
	dropped.duplicates = preparing.remembers ? 0 : undefined;
	const split = await planOfFirsts(execution, checked, settings, all, ledger);
	const { firsts, repeats } = split;
	let { plan } = split;
	const notSent = (message: string) => (item: Prepared) => notSentReport(item, message, operation, ledger);
	if (signal?.aborted) return leave(execution, [...faulty, ...settled], 'before anything was sent');

	dropped.split = await splitHint(plan.prepared, plan.form, plan.batches.length, settings.batchSize, pause);
	let { unsendable, kept } = unsentOf(faulty, settled, plan);
	const noAccount = preparing.accounts.ofAll !== undefined && isAccountError(preparing.accounts.ofAll);
	if (settings.preview && !noAccount) {
		if (preparing.remembers) dropped.ofKeys = KEYS_NOT_LOOKED_UP;
		const notShown = inOrder([...unsendable, ...repeats.map(previewedRepeat)]);
		return [await preview(execution, plan.form, plan.batches, notShown, dropped)];
	}
	const isAtFault = ({ delivery }: ItemReport) => !noAccount || delivery.status !== 'notAttempted';
	if (!continues && unsendable.some(isAtFault)) {
		const others = [...eventsOf(plan.batches), ...repeats.map(({ item }) => item)].map(notSent(WAITING));
		const [inDoubt, waiting] = partition(others, ({ delivery }) => delivery.status === 'unknown');
		const failed = unsendable.filter(isAtFault);
		throw nothingSent(execution, failed, [...kept, ...inDoubt], waiting, dropped, ledger);
	}
	if (!ledger || noAccount) {
		const reports = inOrder([...unsendable, ...kept]);
		return await finish(execution, settings, { reports, stats: NOTHING_SENT, dropped, ledger });
	}
	await pause.now();
	const memory = openMemory(execution, settings, eventsOf(plan.batches));
	const taken = (await memory?.take()) ?? { known: NONE_KNOWN };
	if ('fault' in taken) {
		const others = [...eventsOf(plan.batches), ...repeats.map(({ item }) => item)].map(notSent(taken.fault));
		const reports = withWarnings(execution, inOrder([...unsendable, ...kept, ...others]), checked);
		return await finish(execution, settings, {
			reports,
			stats: NOTHING_SENT,
			dropped,
			ledger,
			ended: taken.fault,
		});
	}
	const { known } = taken;
	let delivered: Awaited<ReturnType<typeof send>> | undefined;
	try {
		if (known.size) {
			plan = await planOf(
				execution,
				firsts.filter(({ index }) => !known.has(index)),
				settings,
				all,
				ledger,
			);
			({ unsendable, kept } = unsentOf(faulty, settled, plan));
		}
		delivered = await send(execution, settings, plan.form, plan.batches, ledger);
	} finally {
		// After a fault of ours, too: what was not sent must not stay taken.
		dropped.ofKeys = await memory?.settle(delivered?.outcomes ?? new Map(), ledger);
	}
	const { stats, ended, outcomes } = delivered;
	await pause.ifDue();
	const sent = await reportsOf(plan.batches, outcomes, pause);
	if (operation.reads) {
		const warned = new Set(checked.flatMap(({ index, warnings }) => (warnings ? [index] : [])));
		noteAnswers(dropped, sent, (index) => warned.has(index));
	}
	const decided = [...unsendable, ...kept, ...sent];
	const duplicates = duplicateReports(firsts, known, repeats, decided, operation);
	if (memory) dropped.duplicates = duplicates.length;
	const reports = withWarnings(execution, inOrder([...decided, ...duplicates]), checked);
	await pause.ifDue();
	if (signal?.aborted) return leave(execution, reports, 'while sending');
	return await finish(execution, settings, { reports, stats, dropped, ledger, ended });
}

interface RunSettings {
	settings: Settings;
	/** All options by name, also those of the operation alone. */
	all: Json;
	mappingMode: MappingMode;
}

/** The settings of a run, or why it cannot begin. */
function readAllSettings(execution: Execution): RunSettings | { fault: string } {
	const { parameters, operation } = execution;
	const mappingMode = readMappingMode(parameters.mappingMode);
	if (typeof mappingMode !== 'string') return mappingMode;
	const read = readSettings(operation, parameters.sendAs ?? operation.defaults.sendAs, optionsOf(execution));
	return 'fault' in read ? read : { ...read, mappingMode };
}

/** Nothing more can be sent; what this try or an earlier one of the run has settled stays as it was. */
async function refuse(
	execution: Execution,
	message: string,
	dropped: DroppedNames,
	ledger: Ledger = openLedger(execution),
): Promise<INodeExecutionData[][]> {
	const { items, operation, pause } = execution;
	const reports: ItemReport[] = [];
	for (const [index, { json }] of items.entries()) {
		if (pause.isDue()) await pause.now();
		await withPauses(ledger.identifyInSteps(index, json), pause);
		const earlier = ledger.noted(index);
		const isSettled = earlier && resendRule(statusOf(earlier)) !== 'always';
		const report = { index, event: json, delivery: { status: 'notAttempted' as const, message } };
		reports.push(isSettled ? earlierReport(index, json, earlier, operation) : report);
	}
	const settings = { output: 'everyItem', includeInputFields: false, executionData: true } as const;
	return await finish(execution, settings, { reports, stats: NOTHING_SENT, dropped, ledger });
}

const inOrder = (reports: ItemReport[]): ItemReport[] =>
	reports.sort((one, other) => one.index - other.index);

const eventsOf = (batches: readonly Batch[]): Prepared[] => batches.flatMap(({ items }) => items);

/** The reports with what the events break without being refused for it. */
function withWarnings(
	{ isTool, operation, parameters }: Execution,
	reports: ItemReport[],
	prepared: readonly Prepared[],
): ItemReport[] {
	const warnings = new Map<number, Issue[]>();
	for (const { index, warnings: own } of prepared) if (own) warnings.set(index, own);
	if (warnings.size === 0) return reports;
	return reports.map((report) => {
		const own = warnings.get(report.index);
		if (!own) return report;
		const delivery = { ...report.delivery, warnings: [...own, ...(report.delivery.warnings ?? [])] };
		const { status, message } = delivery;
		// The vendor most likely refuses what the node has warned about; a model is told in the same sentence.
		if (isTool && message !== undefined && (status === 'rejected' || status === 'batchRejected'))
			delivery.message = toolMessage(message, own, 0, operation, parameters);
		return { ...report, delivery };
	});
}

/** What cannot be sent, and what stays as an earlier try left it: that of which it is not known whether it is stored is not `oversize`. */
function unsentOf(
	faulty: readonly ItemReport[],
	settled: readonly ItemReport[],
	{ oversize }: { oversize: readonly ItemReport[] },
): { unsendable: ItemReport[]; kept: ItemReport[] } {
	const [inDoubt, tooLarge] = partition(oversize, ({ delivery }) => delivery.status === 'unknown');
	return { unsendable: inOrder([...faulty, ...tooLarge]), kept: [...settled, ...inDoubt] };
}

/** The plan for the first event of each key. One that is too large gives way to the next of its key. */
async function planOfFirsts(
	execution: Execution,
	checked: Prepared[],
	settings: Settings,
	all: Json,
	ledger: Ledger | undefined,
): Promise<ReturnType<typeof splitRepeats> & { plan: Awaited<ReturnType<typeof planOf>> }> {
	const split = splitRepeats(checked);
	const plan = await planOf(execution, split.firsts, settings, all, ledger);
	const tooLarge = new Set(indexesOfTooLarge(plan));
	const next = split.repeats.filter(({ first }) => tooLarge.has(first.index));
	if (next.length === 0) return { ...split, plan };
	const planOfNext = await planOf(
		execution,
		next.map(({ item }) => item),
		settings,
		all,
		ledger,
	);
	for (const index of indexesOfTooLarge(planOfNext)) tooLarge.add(index);
	const again = splitRepeats(checked, tooLarge);
	return { ...again, plan: await planOf(execution, again.firsts, settings, all, ledger) };
}

/** What an earlier try may have stored is not among them. */
const indexesOfTooLarge = ({ oversize }: { oversize: readonly ItemReport[] }): number[] =>
	oversize.flatMap(({ index, delivery }) => (delivery.status === 'oversize' ? [index] : []));

/** The requests in which the events go; what is too large on its own is reported. */
async function planOf(
	{ operation, pause }: Execution,
	events: Prepared[],
	settings: Settings,
	all: Json,
	ledger: Ledger | undefined,
) {
	const { prepared, form } = await mergeEvents(events, operation[settings.sendAs], all, pause);
	const limits = {
		maxEvents: settings.sendAs === 'single' ? 1 : settings.batchSize,
		maxBytes: form.limit?.bytes ?? Number.POSITIVE_INFINITY,
	};
	const packer = new Packer(limits, ({ event, target }) => form.envelope(event, target));
	for (const item of prepared) {
		if (pause.isDue()) await pause.now();
		packer.add(item);
	}
	const oversize = packer.oversize.map(({ item, bytes }) =>
		oversizeReport(item, bytes, form, operation, ledger),
	);
	return { prepared, form, batches: packer.batches, oversize };
}
