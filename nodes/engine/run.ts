import omit from 'lodash/omit';
import {
	NodeOperationError,
	sleep,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { createMask } from './answer';
import { createChecker, type LeftOut } from './check';
import { buildRequest, DeliveryRun, wireFormOf } from './deliver';
import { Ledger } from './ledger';
import { createMapper, type MappingMode } from './mapping';
import { asRanges, countsInWords, countStatuses, isFailed, resendRule, type Outcome } from './outcome';
import { pack, type Batch, type Prepared } from './pack';
import { countsHint, failuresInWords, outputItems, type ItemReport, type RunCounts } from './report';
import type { Clock } from './retry';
import { readSettings, type Settings } from './settings';
import type { HttpRequest, Issue, Json, Operation, Target } from './table';
import { createSender } from './transport';
import { isAbsent, isPlainObject } from './values';

/** Work without a pause that is long enough to be felt by others in the same process. Milliseconds. */
const YIELD_AFTER = 40;
const PREVIEW_BODY = 1_000_000;
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
		const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
		// Older n8n ignores the signal, newer n8n rejects on it.
		await Promise.race([sleep(milliseconds, signal).catch(() => undefined), aborted]);
	},
};

/** Why a run cannot send at all, in words for the user. */
interface ShutDoor {
	why: string;
}

/** The credential of a run, ready for use. */
interface Account {
	data: Json;
	baseUrl: string;
	app: string;
	fields: Record<string, string>;
}

class Run {
	private readonly host: IExecuteFunctions;
	private readonly operation: Operation;
	private readonly clock: Clock;
	private readonly items: INodeExecutionData[];
	private readonly node: ReturnType<IExecuteFunctions['getNode']>;
	private readonly signal?: AbortSignal;
	private readonly isTool: boolean;
	/** Failed items are returned, not thrown. */
	private readonly continues: boolean;
	private readonly toErrorOutput: boolean;
	private readonly leftOut: LeftOut = { names: new Map(), pairs: new Set() };
	private readonly reports: ItemReport[] = [];
	private lastYield: number;

	constructor(host: IExecuteFunctions, operation: Operation, environment: RunEnvironment) {
		this.host = host;
		this.operation = operation;
		this.clock = environment.clock;
		this.items = host.getInputData();
		this.node = host.getNode();
		this.signal = host.getExecutionCancelSignal?.();
		this.isTool = host.isToolExecution?.() === true;
		this.continues = this.isTool || host.continueOnFail();
		this.toErrorOutput = !this.isTool && this.node.onError === 'continueErrorOutput';
		this.lastYield = Date.now();
	}

	async execute(): Promise<INodeExecutionData[][]> {
		if (this.signal?.aborted) return this.leave('before it began');
		const { parameters } = this.node;
		const options = isPlainObject(parameters.options) ? parameters.options : {};
		const read = readSettings(this.operation, parameters.sendAs ?? this.operation.defaults.sendAs, options);
		if ('fault' in read) {
			const { defaults } = this.operation;
			const fallback = readSettings(this.operation, defaults.sendAs, {});
			if ('fault' in fallback) throw this.error(read.fault, '');
			this.shutForAll({ why: `${read.fault}; nothing was sent` });
			return this.finish(fallback.settings, { counts: {}, requests: 0, waitedSeconds: 0 });
		}
		const { settings, all } = read;
		const account = await this.readAccount();
		const prepared = await this.prepare(settings, all, account);
		if (this.signal?.aborted) return this.leave('before anything was sent');

		const form = wireFormOf(this.operation, settings.sendAs);
		const targetOf = (app: string): Target => ({
			baseUrl: 'why' in account ? 'https://localhost' : account.baseUrl,
			app,
			account: 'why' in account ? {} : account.fields,
		});
		const limits = {
			maxEvents: settings.sendAs === 'single' ? 1 : settings.batchSize,
			maxBytes: form.limit?.bytes ?? Number.POSITIVE_INFINITY,
		};
		const units = settings.sendAs === 'single' ? prepared.map((item) => ({ ...item, alone: true })) : prepared;
		const { batches, oversize } = pack(units, limits, (item) => form.frame(item.event, targetOf(item.app)));
		for (const { item, bytes } of oversize) {
			const message = `The event alone takes ${bytes.toLocaleString('en-US')} bytes of ${form.limit?.of}, more than ${this.operation.vendor}'s limit of ${limits.maxBytes.toLocaleString('en-US')}; make it smaller`;
			this.report(item.index, item.event, {
				delivery: { status: 'oversize', method: form.method(item.event), message },
			});
		}
		const faulty = this.reports.some((report) => report !== undefined && isFailed(report.delivery.status));
		if (settings.preview) {
			if ('why' in account) {
				for (const { index, event } of prepared) if (!this.reports[index]) this.notAttempted(index, event, account);
				return this.finish(settings, { counts: {}, requests: 0, waitedSeconds: 0 });
			}
			return [await this.preview(batches, targetOf, settings, account)];
		}
		if (faulty && !this.continues) {
			for (const { index, event } of prepared) {
				if (!this.reports[index]) this.notAttempted(index, event, { why: 'Not sent, because another item is invalid' });
			}
			this.log(countStatuses(this.reports), { counts: {}, requests: 0, waitedSeconds: 0 });
			const failed = this.reports.filter(({ delivery }) => ['invalid', 'oversize'].includes(delivery.status));
			const all = this.items.length;
			throw this.error(
				`Nothing was sent: ${failed.length} of ${all} ${all === 1 ? 'item' : 'items'} cannot be sent`,
				`Mend them, or set 'On Error' to continue so that the others are sent.\n${failuresInWords(failed)}`,
				failed[0].index,
			);
		}
		if ('why' in account) {
			for (const { index, event } of prepared) if (!this.reports[index]) this.notAttempted(index, event, account);
			return this.finish(settings, { counts: {}, requests: 0, waitedSeconds: 0 });
		}
		return await this.send(batches, settings, account, targetOf);
	}

	private async send(
		batches: Batch[],
		settings: Settings,
		account: Account,
		targetOf: (app: string) => Target,
	): Promise<INodeExecutionData[][]> {
		const { operation, host } = this;
		const runIndex = Number(host.getWorkflowDataProxy(0).$runIndex ?? 0);
		const ledger = new Ledger(host.getContext('node'), runIndex, this.items.length);
		const mask = createMask(this.secretsOf(account));
		const left = this.withoutSettled(batches, ledger, settings);
		await this.pause();
		const run = new DeliveryRun({
			operation,
			settings,
			baseUrl: account.baseUrl,
			targetOf,
			send: createSender(host, operation.credential.type, account.data, settings.timeout, operation.answers),
			clock: this.clock,
			signal: this.signal,
			mask,
			ledger,
			requestsBefore: ledger.run.requests,
			stopAtFailure: !this.continues,
		});
		const result = await run.deliver(left);
		for (const { items } of left) {
			for (const { index, event } of items) {
				const outcome = result.outcomes.get(index);
				if (outcome) this.report(index, event, outcome);
			}
		}
		if (this.signal?.aborted) return this.leave('while sending');
		const counts: RunCounts = {
			counts: countStatuses(this.reports),
			requests: result.requests,
			waitedSeconds: Math.round(result.waited / 100) / 10,
		};
		return this.finish(settings, counts, ledger, result.ended?.why);
	}

	/** Reads the credential once for the run. */
	private async readAccount(): Promise<Account | ShutDoor> {
		const { credential } = this.operation;
		let data: Json;
		try {
			data = await this.host.getCredentials<Json>(credential.type);
		} catch {
			return { why: `No usable '${credential.label}' credential is chosen; choose or create one in the node` };
		}
		const fields: Record<string, string> = {};
		for (const name of [...credential.required, ...(credential.app ? [credential.app.field] : [])]) {
			fields[name] = String(data[name] ?? '').trim();
		}
		const missing = credential.required.find((name) => !fields[name]);
		if (missing) return { why: `The credential '${credential.label}' has an empty field '${missing}'; fill it in` };
		const baseUrl = String(data.baseUrl ?? '').trim().replace(/\/+$/, '');
		const wrong = baseUrlFault(baseUrl);
		if (wrong) return { why: `The base URL of the credential '${credential.label}' ${wrong}` };
		return { data: { ...data, ...trimmed(data) }, baseUrl, app: credential.app ? fields[credential.app.field] : '', fields };
	}

	/** Maps, checks and encodes every item; what is wrong with an item is reported, the others are returned. */
	private async prepare(settings: Settings, all: Json, account: Account | ShutDoor): Promise<Prepared[]> {
		const { operation, host } = this;
		const parameters = this.node.parameters as Json;
		const zone = host.getTimezone();
		const check = createChecker(
			operation,
			{
				zone,
				now: this.clock.now(),
				maxAgeDays: settings.maxAgeDays,
				extraFields: settings.extraFields,
				maxListed: settings.batchSize,
				all,
			},
			this.leftOut,
		);
		const map = createMapper(operation, {
			mode: (parameters.mappingMode ?? 'defineBelow') as MappingMode,
			inputField: String(parameters.inputField ?? '').trim(),
			parameters,
			resolve: (path, index) => host.getNodeParameter(path, index, undefined) as unknown,
		});
		const form = wireFormOf(operation, settings.sendAs);
		const prepared: Prepared[] = [];
		for (const [index, item] of this.items.entries()) {
			if (index % 64 === 0) await this.pauseIfLong();
			if (this.signal?.aborted) break;
			const one = this.prepareOne(item.json, index, map, check, account);
			if ('issues' in one) {
				this.report(index, one.event, { delivery: { status: 'invalid', message: invalidMessage(one.issues), issues: one.issues } });
				continue;
			}
			const encoded = form.encode(one.event, {
				baseUrl: '',
				app: one.app,
				account: 'why' in account ? {} : account.fields,
			});
			if ('fault' in encoded) {
				const issues = [encoded.fault];
				this.report(index, one.event, { delivery: { status: 'invalid', message: invalidMessage(issues), issues } });
				continue;
			}
			prepared.push({
				...encoded,
				group: `${one.app}\n${encoded.group}`,
				index,
				event: one.event,
				app: one.app,
				bytes: Buffer.byteLength(encoded.text, 'utf8'),
			});
		}
		return prepared;
	}

	private prepareOne(
		json: Json,
		index: number,
		map: ReturnType<typeof createMapper>,
		check: ReturnType<typeof createChecker>,
		account: Account | ShutDoor,
	): { event: Json; app: string } | { event: unknown; issues: Issue[] } {
		const appBinding = this.operation.credential.app;
		try {
			const mapped = map(json, index);
			if ('issues' in mapped) return mapped;
			const inItem = appBinding?.wire;
			const given = inItem === undefined ? undefined : mapped.event[inItem];
			const checked = check(inItem === undefined ? mapped.event : omit(mapped.event, inItem), mapped.selected);
			const issues = 'issues' in checked ? [...checked.issues] : [];
			let app = 'why' in account ? '' : account.app;
			if (appBinding && !isAbsent(mapped.app)) app = String(mapped.app).trim();
			if (appBinding && !('why' in account) && !/^\d+$/.test(app)) {
				issues.push({ field: appBinding.option, message: `'${appBinding.label}' must be a whole number` });
			}
			if (appBinding && inItem !== undefined && !isAbsent(given) && app && String(given).trim() !== app) {
				const message = `'${inItem}' names another app than the one the event would go to; set the option '${appBinding.label}'`;
				issues.push({ field: inItem, message });
			}
			if (issues.length) return { event: mapped.event, issues };
			return { event: (checked as { event: Json }).event, app };
		} catch (error) {
			// n8n throws what an expression does; the item is at fault, not the run.
			const says = error instanceof Error ? error.message : String(error);
			return { event: {}, issues: [{ field: '', message: `An expression could not be read for this item: ${says}` }] };
		}
	}

	/** Leaves out what an earlier try of this run has settled, and reports it as it was. */
	private withoutSettled(batches: Batch[], ledger: Ledger, settings: Settings): Batch[] {
		if (!ledger.isRepeat) return batches;
		const settled = new Set<number>();
		for (const { items } of batches) {
			for (const item of items) {
				const earlier = ledger.earlier(item);
				if (!earlier) continue;
				const status = earlier.state === 'sent' ? 'unknown' : earlier.state;
				const rule = resendRule(status);
				const isSafe = settings.retryUnknown || this.operation.repeatIsSafe?.(item.event) === true;
				if (rule === 'always' || (rule === 'ifSafe' && isSafe)) continue;
				const { response, ...report } = earlier.report ?? {};
				const message =
					earlier.state === 'sent'
						? `${this.operation.vendor} may have stored it: an earlier try of this run ended while it was being sent`
						: report.message;
				this.report(item.index, item.event, {
					delivery: { status, ...report, request: earlier.request, ...(message ? { message } : {}) },
					response,
				});
				settled.add(item.index);
			}
		}
		if (settled.size === 0) return batches;
		const form = wireFormOf(this.operation, settings.sendAs);
		const left = batches.flatMap(({ items }) => items).filter(({ index }) => !settled.has(index));
		left.sort((one, other) => one.index - other.index);
		const frames = new Map(batches.flatMap((batch) => batch.items.map(({ index }) => [index, batch.frame] as const)));
		return pack(
			left,
			{
				maxEvents: settings.sendAs === 'single' ? 1 : settings.batchSize,
				maxBytes: form.limit?.bytes ?? Number.POSITIVE_INFINITY,
			},
			({ index }) => frames.get(index) ?? { open: '', separator: '', close: '' },
		).batches;
	}

	private async preview(
		batches: Batch[],
		targetOf: (app: string) => Target,
		settings: Settings,
		account: Account,
	): Promise<INodeExecutionData[]> {
		const form = wireFormOf(this.operation, settings.sendAs);
		const mask = createMask(this.secretsOf(account));
		const output: INodeExecutionData[] = [];
		for (const batch of batches) {
			await this.pauseIfLong();
			if (this.signal?.aborted) break;
			const request = buildRequest(batch, form, targetOf(batch.items[0].app), this.clock.random);
			const authenticated = await this.operation.credential.authenticate(
				account.data as ICredentialDataDecryptedObject,
				asOptions(request),
			);
			const body = request.body?.toString('utf8') ?? '';
			output.push({
				json: {
					request: {
						method: request.method,
						url: mask(authenticated.url),
						headers: Object.fromEntries(
							Object.entries(authenticated.headers ?? {}).map(([name, value]) => [name, mask(String(value))]),
						),
						body: mask(body.length > PREVIEW_BODY ? body.slice(0, PREVIEW_BODY) : body),
						bytes: request.body ? request.body.length : Buffer.byteLength(authenticated.url, 'utf8'),
					},
					items: asRanges(batch.items.map(({ index }) => index)),
				},
				pairedItem: batch.items.map(({ index }) => ({ item: index })),
			});
		}
		for (const { index, event, delivery } of this.reports.filter((report) => report !== undefined)) {
			output.push({ json: { event, delivery } as unknown as IDataObject, pairedItem: { item: index } });
		}
		const shown = `${batches.length.toLocaleString('en-US')} ${batches.length === 1 ? 'request' : 'requests'}`;
		this.addHints(
			this.reports.filter((report) => report !== undefined),
			`Preview: nothing was sent. The run would begin with ${shown}.`,
		);
		return output;
	}

	/** Returns the report, or throws the one error of a stopped run. */
	private finish(settings: Settings, run: RunCounts, ledger?: Ledger, ended?: string): INodeExecutionData[][] {
		const { reports } = this;
		const counts = countStatuses(reports);
		this.log(counts, run);
		const failed = reports.filter(({ delivery }) => isFailed(delivery.status));
		if (failed.length && !this.continues) {
			if (ledger && ledger.run.tries >= this.maxTries()) ledger.run.tries = 0;
			const first = failed.find(({ delivery }) => delivery.status !== 'notAttempted') ?? failed[0];
			const why = ended ?? (run.requests === 0 ? failed[0].delivery.message : undefined);
			throw this.error(
				why ?? `${this.operation.vendor} did not take every event`,
				`${countsInWords(counts)} of ${reports.length} items.\n${failuresInWords(reports)}`,
				first.index,
			);
		}
		const output = outputItems(
			reports,
			settings,
			{ ...run, counts },
			{ toErrorOutput: this.toErrorOutput, inputOf: (index) => this.items[index].json },
		);
		const runsAgain =
			this.node.retryOnFail === true &&
			isPlainObject(output[0]?.json) &&
			Boolean(output[0].json.error) &&
			(ledger?.run.tries ?? 1) < this.maxTries();
		if (!runsAgain) ledger?.remove();
		this.addHints(reports);
		return [output];
	}

	/** After a cancel: nothing is thrown, since a throw would be repeated; n8n keeps nothing of the node. */
	private leave(when: string): INodeExecutionData[][] {
		const reports = this.reports.filter((report) => report !== undefined);
		this.host.logger.info(`${this.operation.name}: stopped ${when}`, {
			...countStatuses(reports),
			items: this.items.length,
		});
		return [[]];
	}

	private log(counts: RunCounts['counts'], run: RunCounts): void {
		const { requests, waitedSeconds } = run;
		const level = counts.unknown || counts.unconfirmed ? 'warn' : 'info';
		this.host.logger[level](`${this.operation.name}: ${countsInWords(counts)}`, {
			...counts,
			node: this.node.name,
			requests,
			waitedSeconds,
		});
	}

	private addHints(reports: readonly ItemReport[], first?: string): void {
		const messages: string[] = first ? [first] : [];
		const counts = countStatuses(reports);
		const counted = countsHint(counts);
		if (counted) messages.push(counted);
		if (this.leftOut.names.size) {
			const names = [...this.leftOut.names].slice(0, 10).map(([name, near]) => (near ? `${name} (did you mean ${near}?)` : name));
			messages.push(`Not sent, because ${this.operation.vendor} does not document them: ${names.join(', ')}${this.leftOut.names.size > 10 ? ' and more' : ''}.`);
		}
		if (this.leftOut.pairs.size) {
			messages.push(`Left out, because they have no value: ${[...this.leftOut.pairs].slice(0, 10).join(', ')}.`);
		}
		if (counts.unconfirmed) {
			messages.push(`${this.operation.vendor} answered some requests in a form it does not document; see 'response'.`);
		}
		if (this.node.retryOnFail) {
			messages.push("'Retry On Fail' is not needed: this node repeats what is safe to repeat by itself.");
		}
		for (const message of messages) {
			this.host.addExecutionHints?.({ message, type: counted ? 'warning' : 'info', location: 'outputPane' });
		}
	}

	private report(index: number, event: unknown, outcome: Outcome): void {
		this.reports[index] = { index, event, ...outcome };
	}

	private notAttempted(index: number, event: unknown, { why }: ShutDoor): void {
		this.report(index, event, { delivery: { status: 'notAttempted', message: why } });
	}

	private shutForAll(door: ShutDoor): void {
		for (const [index, { json }] of this.items.entries()) this.notAttempted(index, json, door);
	}

	private secretsOf(account: Account): string[] {
		return this.operation.credential.secrets.map((name) => String(account.data[name] ?? ''));
	}

	private maxTries(): number {
		const { least, most, default: usual } = RETRY_ON_FAIL;
		return this.node.retryOnFail ? Math.min(most, Math.max(least, this.node.maxTries || usual)) : 1;
	}

	private error(title: string, description: string, itemIndex?: number): NodeOperationError {
		return new NodeOperationError(this.node, title, { description, itemIndex });
	}

	private async pauseIfLong(): Promise<void> {
		if (Date.now() - this.lastYield >= YIELD_AFTER) await this.pause();
	}

	private async pause(): Promise<void> {
		await sleep(0);
		this.lastYield = Date.now();
	}
}

function invalidMessage(issues: readonly Issue[]): string {
	const [first, ...rest] = issues;
	if (rest.length === 0) return `Not sent: ${first.message}`;
	return `Not sent: ${first.message}; and ${rest.length} more ${rest.length === 1 ? 'fault' : 'faults'} (see 'issues')`;
}

function baseUrlFault(baseUrl: string): string | undefined {
	try {
		const { protocol, search, hash } = new URL(baseUrl);
		if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
		return search || hash ? 'must end before any ? or #' : undefined;
	} catch {
		return 'is not a URL such as https://example.com';
	}
}

const trimmed = (data: Json): Json =>
	Object.fromEntries(Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]));

const asOptions = ({ method, url, headers }: HttpRequest) => ({ method, url, headers: { ...headers } });

/** Executes an operation on n8n's items: the only place where the engine meets n8n's execution. */
export async function run(
	host: IExecuteFunctions,
	operation: Operation,
	environment: RunEnvironment = { clock: realClock },
): Promise<INodeExecutionData[][]> {
	return await new Run(host, operation, environment).execute();
}
