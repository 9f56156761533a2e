import {
	NodeOperationError,
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { isAccountError, readAccount, targetFor, type Account, type AccountError } from './account';
import { createMask } from './delivery/response';
import { createChecker, type DroppedNames } from './check/check';
import { DeliveryRun, wireFormOf } from './delivery/delivery';
import { hintTexts } from './report/hints';
import { Ledger } from './delivery/ledger';
import { createMapper, type MappingMode } from './mapping/mapping';
import {
	countsInWords,
	countStatuses,
	isFailed,
	resendRule,
	type Outcome,
	type StatusCounts,
} from './report/outcome';
import { pack, type Batch, type Prepared } from './delivery/pack';
import { invalidMessage, prepareItem, type Preparing } from './prepare';
import { previewItem } from './preview';
import { failuresInWords, failureTitle, outputItems, type ItemReport } from './report/report';
import type { Clock } from './delivery/retry';
import { readSettings, type Settings } from './operation/settings';
import type { Json, Operation } from './operation/operation';
import { createSender } from './delivery/transport';
import { isPlainObject } from './check/objects';

/** Work without a pause that is long enough to be felt by others in the same process. Milliseconds. */
const YIELD_AFTER = 40;
/** How often n8n's Retry On Fail runs a node, as its engine clamps the setting. */
const RETRY_ON_FAIL = { least: 2, most: 5, default: 3 };

/** What an execution of the node depends on beside n8n; replaced by tests. */
export interface RunEnvironment {
	clock: Clock;
}

const realClock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	sleep: async (milliseconds, signal) => {
		if (signal?.aborted) return;
		const aborted = new Promise<void>((resolve) =>
			signal?.addEventListener('abort', () => resolve(), { once: true }),
		);
		// Older n8n ignores the signal, newer n8n rejects on it.
		await Promise.race([sleep(milliseconds, signal).catch(() => undefined), aborted]);
	},
};

/** What sending has cost. */
interface RunStats {
	requests: number;
	/** Seconds waited for retries. */
	waitedSeconds: number;
}

const NONE: RunStats = { requests: 0, waitedSeconds: 0 };

class Run {
	private readonly host: IExecuteFunctions;
	private readonly operation: Operation;
	private readonly clock: Clock;
	private readonly items: INodeExecutionData[];
	private readonly node: ReturnType<IExecuteFunctions['getNode']>;
	private readonly signal?: AbortSignal;
	/** Failed items are returned, not thrown. */
	private readonly continues: boolean;
	private readonly toErrorOutput: boolean;
	private readonly leftOut: DroppedNames = { names: new Map(), pairs: new Set() };
	/** By item index. */
	private readonly reports: ItemReport[] = [];
	private lastPause = Date.now();

	constructor(host: IExecuteFunctions, operation: Operation, environment: RunEnvironment) {
		this.host = host;
		this.operation = operation;
		this.clock = environment.clock;
		this.items = host.getInputData();
		this.node = host.getNode();
		this.signal = host.getExecutionCancelSignal?.();
		// n8n repeats a tool that throws, under a new run number that no ledger knows.
		const isTool = host.isToolExecution?.() === true;
		this.continues = isTool || host.continueOnFail();
		this.toErrorOutput = !isTool && this.node.onError === 'continueErrorOutput';
	}

	async execute(): Promise<INodeExecutionData[][]> {
		if (this.signal?.aborted) return this.leave('before it began');
		const { defaults } = this.operation;
		const parameters = this.node.parameters as Json;
		const options = isPlainObject(parameters.options) ? parameters.options : {};
		const read = readSettings(this.operation, parameters.sendAs ?? defaults.sendAs, options);
		if ('fault' in read) {
			for (const [index, { json }] of this.items.entries()) {
				this.report(index, json, {
					delivery: { status: 'notAttempted', message: `${read.fault}; nothing was sent` },
				});
			}
			return this.finish({ output: 'everyItem', includeInputFields: false }, NONE);
		}
		const { settings } = read;
		const account = await readAccount(this.host, this.operation);
		const prepared = await this.prepare(parameters, settings, read.all, account);
		if (this.signal?.aborted) return this.leave('before anything was sent');
		const batches = this.packed(prepared, settings, account);
		if (settings.preview && !isAccountError(account)) return [await this.preview(batches, settings, account)];

		const cannotBeSent = this.reports.filter(({ delivery }) => isFailed(delivery.status));
		if (cannotBeSent.length && !this.continues) throw this.nothingSent(cannotBeSent);
		if (isAccountError(account)) {
			for (const { index, event } of prepared) {
				if (!this.reports[index])
					this.report(index, event, { delivery: { status: 'notAttempted', message: account.reason } });
			}
			return this.finish(settings, NONE);
		}
		return await this.send(prepared, batches, settings, account);
	}

	/** Maps, checks and encodes every item; what is wrong with one is reported, the others are returned. */
	private async prepare(
		parameters: Json,
		settings: Settings,
		all: Json,
		account: Account | AccountError,
	): Promise<Prepared[]> {
		const { operation, host, leftOut } = this;
		const { maxAgeDays, extraFields, batchSize: maxListed } = settings;
		const checkSettings = {
			zone: host.getTimezone(),
			now: this.clock.now(),
			maxAgeDays,
			extraFields,
			maxListed,
			all,
		};
		const preparing: Preparing = {
			operation,
			account,
			form: wireFormOf(operation, settings.sendAs),
			check: createChecker(operation, checkSettings, leftOut),
			map: createMapper(operation, {
				mode: (parameters.mappingMode ?? 'defineBelow') as MappingMode,
				inputField: String(parameters.inputField ?? '').trim(),
				parameters,
				resolve: (path, index) => host.getNodeParameter(path, index, undefined) as unknown,
			}),
		};
		const prepared: Prepared[] = [];
		for (const [index, { json }] of this.items.entries()) {
			if (index % 64 === 0) await this.pauseIfLong();
			if (this.signal?.aborted) break;
			const item = prepareItem(json, index, preparing);
			if ('prepared' in item) {
				prepared.push(item.prepared);
			} else {
				const { event, issues } = item;
				const method = isPlainObject(event) ? preparing.form.method(event) || undefined : undefined;
				const message = invalidMessage(issues);
				this.report(index, event, {
					delivery: { status: 'invalid', ...(method ? { method } : {}), message, issues },
				});
			}
		}
		return prepared;
	}

	/** Packs what may be sent; an item that is too large alone is reported. */
	private packed(
		prepared: readonly Prepared[],
		settings: Settings,
		account: Account | AccountError,
	): Batch[] {
		const form = wireFormOf(this.operation, settings.sendAs);
		const isSingle = settings.sendAs === 'single';
		const maxBytes = form.limit?.bytes ?? Number.POSITIVE_INFINITY;
		const { batches, oversize } = pack(
			isSingle ? prepared.map((item) => ({ ...item, alone: true })) : prepared,
			{ maxEvents: isSingle ? 1 : settings.batchSize, maxBytes },
			({ event, app }) => form.envelope(event, targetFor(account, app)),
		);
		for (const { item, bytes } of oversize) {
			const [size, most] = [bytes, maxBytes].map((count) => count.toLocaleString('en-US'));
			const message = `The event alone takes ${size} bytes of ${form.limit?.of}, more than ${this.operation.vendor}'s limit of ${most}; make it smaller`;
			const method = form.method(item.event);
			this.report(item.index, item.event, { delivery: { status: 'oversize', method, message } });
		}
		return batches;
	}

	private async send(
		prepared: readonly Prepared[],
		batches: Batch[],
		settings: Settings,
		account: Account,
	): Promise<INodeExecutionData[][]> {
		const { operation, host, signal } = this;
		const runIndex = Number(host.getWorkflowDataProxy(0).$runIndex ?? 0);
		const ledger = new Ledger(host.getContext('node'), runIndex, this.items.length);
		const left = ledger.isRepeat
			? this.packed(this.unsettled(prepared, ledger, settings), settings, account)
			: batches;
		await this.pause();
		const result = await new DeliveryRun({
			operation,
			settings,
			baseUrl: account.baseUrl,
			targetOf: (app) => targetFor(account, app),
			send: createSender(
				host,
				operation.credential.type,
				account.data,
				settings.timeout,
				operation.responses,
			),
			clock: this.clock,
			signal,
			mask: createMask(account.secrets),
			ledger,
			requestsBefore: ledger.run.requests,
			stopAtFailure: !this.continues,
		}).deliver(left);
		for (const { index, event } of left.flatMap(({ items }) => items)) {
			const outcome = result.outcomes.get(index);
			if (outcome) this.report(index, event, outcome);
		}
		if (signal?.aborted) return this.leave('while sending');
		const effort = { requests: result.requests, waitedSeconds: Math.round(result.waited / 100) / 10 };
		return this.finish(settings, effort, ledger, result.ended?.why);
	}

	/** Leaves out what an earlier try of this run has settled, and reports it as it was. */
	private unsettled(prepared: readonly Prepared[], ledger: Ledger, settings: Settings): Prepared[] {
		const { operation } = this;
		return prepared.filter((item) => {
			if (this.reports[item.index]) return false;
			const earlier = ledger.earlier(item);
			if (!earlier) return true;
			const wasCut = earlier.state === 'sent';
			const status = earlier.state === 'sent' ? 'unknown' : earlier.state;
			const rule = resendRule(status);
			if (rule === 'always') return true;
			if (rule === 'ifSafe' && (settings.retryUnknown || operation.repeatIsSafe?.(item.event) === true))
				return true;
			const { response, ...report } = earlier.report ?? {};
			const cut = `${operation.vendor} may have stored it: an earlier try of this run ended while it was being sent`;
			const delivery = { status, ...report, request: earlier.request, ...(wasCut ? { message: cut } : {}) };
			this.report(item.index, item.event, { delivery, response });
			return false;
		});
	}

	private async preview(
		batches: readonly Batch[],
		settings: Settings,
		account: Account,
	): Promise<INodeExecutionData[]> {
		const form = wireFormOf(this.operation, settings.sendAs);
		const output: INodeExecutionData[] = [];
		for (const batch of batches) {
			await this.pauseIfLong();
			if (this.signal?.aborted) break;
			output.push(await previewItem(batch, this.operation, form, account, this.clock.random));
		}
		const faulty = this.reported();
		this.log(countStatuses(faulty), NONE);
		for (const { index, event, delivery } of faulty) {
			output.push({ json: { event, delivery } as unknown as IDataObject, pairedItem: { item: index } });
		}
		const shown = `${batches.length.toLocaleString('en-US')} ${batches.length === 1 ? 'request' : 'requests'}`;
		this.addHints(countStatuses(faulty), `Preview: nothing was sent. The run would begin with ${shown}.`);
		return output;
	}

	/** Returns the report, or throws the one error of a stopped run. */
	private finish(
		settings: Pick<Settings, 'output' | 'includeInputFields'>,
		effort: RunStats,
		ledger?: Ledger,
		ended?: string,
	): INodeExecutionData[][] {
		const { reports } = this;
		const counts = countStatuses(reports);
		this.log(counts, effort);
		if (!this.continues && reports.some(({ delivery }) => isFailed(delivery.status))) {
			// n8n gives up after this try, and its Retry button then starts to count anew.
			if (ledger && ledger.run.tries >= this.maxTries()) ledger.run.tries = 0;
			throw this.notAllTaken(counts, ended);
		}
		const output = outputItems(
			reports,
			settings,
			{ ...effort, counts },
			{ toErrorOutput: this.toErrorOutput, inputOf: (index) => this.items[index].json },
		);
		// n8n runs the node again if the first item it returns has an `error`.
		const runsAgain = Boolean(output[0]?.json.error) && (ledger?.run.tries ?? 1) < this.maxTries();
		if (!runsAgain) ledger?.remove();
		this.addHints(counts);
		return [output];
	}

	/** Some items cannot be sent, and the node is set to stop: one error lists them. */
	private nothingSent(failed: readonly ItemReport[]): NodeOperationError {
		this.log(countStatuses(failed), NONE);
		const all = this.items.length;
		return this.error(
			`Nothing was sent: ${failed.length} of ${all} ${all === 1 ? 'item' : 'items'} cannot be sent`,
			`Fix them, or set 'On Error' to continue so that the others are sent.\n${failuresInWords(failed)}`,
			failed[0].index,
		);
	}

	private notAllTaken(counts: StatusCounts, ended: string | undefined): NodeOperationError {
		const { reports, operation } = this;
		const failed = reports.filter(({ delivery }) => isFailed(delivery.status));
		const first = failed.find(({ delivery }) => delivery.status !== 'notAttempted') ?? failed[0];
		const nothingBegan = failed.every(({ delivery }) => delivery.status === 'notAttempted');
		const why = ended ?? (nothingBegan ? failed[0].delivery.message : undefined);
		const title = failureTitle(operation.vendor, reports, why);
		const failures = failuresInWords(reports);
		const whole = why && title !== why && !failures.includes(why) ? [`${why.replace(/\.$/, '')}.`] : [];
		const counted = `${reports.length} ${reports.length === 1 ? 'item' : 'items'}: ${countsInWords(counts)}.`;
		return this.error(title, [counted, ...whole, failures].join('\n'), first.index);
	}

	/** After a cancel: nothing is thrown, since a throw would be repeated; n8n keeps nothing of the node. */
	private leave(when: string): INodeExecutionData[][] {
		const counts = countStatuses(this.reported());
		this.host.logger.info(`${this.operation.name}: stopped ${when}`, { ...counts, items: this.items.length });
		return [[]];
	}

	private log(counts: StatusCounts, effort: RunStats): void {
		const level = counts.unknown || counts.unconfirmed ? 'warn' : 'info';
		const meta = { ...counts, node: this.node.name, ...effort };
		this.host.logger[level](`${this.operation.name}: ${countsInWords(counts)}`, meta);
	}

	private addHints(counts: StatusCounts, first?: string): void {
		const texts = hintTexts(this.operation.vendor, counts, this.leftOut, this.node.retryOnFail === true);
		const type =
			texts.length && Object.keys(counts).some((status) => status !== 'accepted') ? 'warning' : 'info';
		for (const message of first ? [first, ...texts] : texts) {
			this.host.addExecutionHints?.({ message, type, location: 'outputPane' });
		}
	}

	private report(index: number, event: unknown, outcome: Outcome): void {
		this.reports[index] = { index, event, ...outcome };
	}

	/** The reports there are, in the order of the items; before the end some items have none. */
	private reported(): ItemReport[] {
		return this.reports.filter((report) => report !== undefined);
	}

	private maxTries(): number {
		if (!this.node.retryOnFail) return 1;
		const { least, most, default: usual } = RETRY_ON_FAIL;
		return Math.min(most, Math.max(least, this.node.maxTries || usual));
	}

	private error(title: string, description: string, itemIndex?: number): NodeOperationError {
		return new NodeOperationError(this.node, title, { description, itemIndex });
	}

	private async pauseIfLong(): Promise<void> {
		if (Date.now() - this.lastPause >= YIELD_AFTER) await this.pause();
	}

	private async pause(): Promise<void> {
		await sleep(0);
		this.lastPause = Date.now();
	}
}

/** Executes an operation on n8n's items: the only place where the engine meets n8n's execution. */
export async function run(
	host: IExecuteFunctions,
	operation: Operation,
	environment: RunEnvironment = { clock: realClock },
): Promise<INodeExecutionData[][]> {
	return await new Run(host, operation, environment).execute();
}
