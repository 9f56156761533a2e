import type { Json } from '../../operation/operation';

import { Evaluation, type Cell } from './evaluate';
import { isExact } from './handover';
import type { ExpressionHost } from './host';
import { DirectPath, pathOf } from './path';
import { chooseWay, FEWEST_ITEMS, groupsOf, mayChangeItems } from './plan';
import { recognise } from './recognise';
import { Field, isSameValue } from './verify';

export { createExpressionHost, type ExpressionHost } from './host';

/** n8n's own evaluation of one parameter for one item; `path` as lodash's `get` takes it. */
export type Resolve = (path: string, index: number) => unknown;

/** Items of the first evaluation; later ones are sized by how long it took. */
const FIRST_ITEMS = 4;
const MOST_ITEMS = 2_000;
/** How long an evaluation should take beyond what it takes for no items. Milliseconds. */
const GOOD_TIME = 15;
/** After a failure that took this long the fields are not tried one by one. Milliseconds. */
const LONG_FAILURE = 500;

interface Group {
	fields: Field[];
	evaluation: Evaluation;
	/** What an evaluation takes at least, however few its items are. Milliseconds. */
	fixedTime: number;
}

/** The expressions of a form, each read in the cheapest way that gives what n8n gives. */
export class Expressions {
	private readonly resolve: Resolve;
	private readonly host: ExpressionHost | undefined;
	private readonly fields: Field[] = [];
	/** Compare what needs no evaluation with n8n's value for a sample. */
	private readonly checks: Array<(index: number) => void> = [];
	private readonly constants = new Map<string, unknown>();
	private groups: Group[] = [];
	private size = FIRST_ITEMS;
	private mayChangeItems = false;

	/** Without a host, n8n evaluates whatever is more than a path into the item. */
	constructor(resolve: Resolve, host?: ExpressionHost) {
		this.resolve = resolve;
		this.host = host && host.itemCount >= FEWEST_ITEMS ? host : undefined;
	}

	/** How an expression is read. */
	readerOf = (expression: string, path: string): ((item: Json, index: number) => unknown) => {
		const ask = (index: number): unknown => this.resolve(path, index);
		const steps = pathOf(expression);
		if (steps) return this.pathIntoItem(steps, ask);
		const { host } = this;
		if (!host) return (_, index) => ask(index);
		const way = chooseWay(recognise(expression, host.extensions));
		switch (way.way) {
			case 'once':
				return this.once(ask);
			case 'path': {
				const direct = new DirectPath(way.steps, (index) => host.pairedItem(way.node, index), ask);
				this.checks.push((index) => direct.compare(index));
				return (_, index) => direct.valueOf(index);
			}
			case 'together': {
				const field = new Field(way.recognised, ask);
				this.fields.push(field);
				return (_, index) => field.valueOf(index);
			}
			case 'n8n':
				this.mayChangeItems ||= mayChangeItems(expression);
				return (_, index) => ask(index);
		}
	};

	/** Compares samples with n8n's own values, before anything is used. */
	async begin(): Promise<void> {
		const { host } = this;
		if (!host) return;
		const last = host.itemCount - 1;
		const samples = [...new Set([0, 1, last >> 1, last])];
		for (const check of this.checks) {
			for (const index of samples) {
				await host.pause();
				if (host.isStopped()) return;
				attempt(() => check(index));
			}
		}
		if (this.mayChangeItems) for (const field of this.fields) field.distrust();
		else for (const fields of groupsOf(this.fields)) this.open(fields, host);
		const opened = [...this.groups];
		for (let group = opened.shift(); group; group = opened.shift()) {
			const cells = this.evaluate(group, samples, host, opened);
			for (const [place, field] of group.fields.entries()) {
				for (const [at, ofItem] of cells.entries()) {
					await host.pause();
					if (host.isStopped()) return;
					const [index, cell] = [samples[at], ofItem[place]];
					if (index !== undefined && cell && field.isTrusted) field.compare(index, cell);
				}
			}
		}
	}

	/** Evaluates the items from `from` on; tells up to which, exclusively. */
	async readAhead(from: number): Promise<number> {
		const { host } = this;
		this.groups = this.groups.filter(({ fields }) => fields.some(({ isTrusted }) => isTrusted));
		if (!host || this.groups.length === 0) return Number.POSITIVE_INFINITY;
		let to = Math.min(from + this.size, host.itemCount);
		let slowest = 0;
		const left = [...this.groups];
		for (let group = left.shift(); group && !host.isStopped(); group = left.shift()) {
			const started = Date.now();
			const indices = Array.from({ length: to - from }, (_, at) => from + at);
			const cells = this.evaluate(group, indices, host, left);
			if (cells.length > 0) {
				to = from + cells.length;
				group.fixedTime = Math.min(group.fixedTime, Date.now() - started);
				slowest = Math.max(slowest, (Date.now() - started - group.fixedTime) / cells.length);
			}
			for (const [place, field] of group.fields.entries()) {
				await host.pause();
				field.keep(
					from,
					cells.flatMap((ofItem) => ofItem[place] ?? []),
				);
			}
			await host.pause();
		}
		const wished = slowest > 0 ? Math.floor(GOOD_TIME / slowest) : MOST_ITEMS;
		this.size = Math.min(Math.max(wished, this.size >> 1, 1), this.size * 4, MOST_ITEMS);
		return to;
	}

	private pathIntoItem(
		steps: readonly string[],
		ask: (index: number) => unknown,
	): (item: Json, index: number) => unknown {
		let current: Json = {};
		const direct = new DirectPath(steps, () => current, ask);
		return (item, index) => {
			current = item;
			return direct.valueOf(index);
		};
	}

	/** An expression that reads nothing of the item: one value, if n8n gives the same for all samples. */
	private once(ask: (index: number) => unknown): (item: Json, index: number) => unknown {
		let value: unknown;
		let isSame: boolean | undefined;
		this.checks.push((index) => {
			const asked = ask(index);
			if (isSame === undefined) value = asked;
			isSame = isSame !== false && !isObject(asked) && isSameValue(value, asked);
		});
		return (_, index) => (isSame ? value : ask(index));
	}

	/** Makes a group of fields; a field whose constants cannot be handed over stays n8n's. */
	private open(fields: Field[], host: ExpressionHost): void {
		const able = fields.filter(({ recognised }) =>
			recognised.codes.every((code) =>
				code.constants.every((text) => this.constantOf(text, host) !== undefined),
			),
		);
		for (const field of fields) if (!able.includes(field)) field.distrust();
		if (able.length === 0) return;
		const recognised = able.map((field) => field.recognised);
		this.groups.push({
			fields: able,
			evaluation: new Evaluation(recognised, host, (text) => this.constantOf(text, host)),
			fixedTime: Number.POSITIVE_INFINITY,
		});
	}

	/** The value of a constant of the run, such as `$vars.a`; `undefined` if it has none that can be handed over. */
	private constantOf(text: string, host: ExpressionHost): unknown {
		if (!this.constants.has(text)) {
			const value = attempt(() => host.evaluate(`{{ ${text} }}`, 0));
			this.constants.set(text, isExact(value) ? value : undefined);
		}
		return this.constants.get(text);
	}

	/** Evaluates a group; if it fails, its fields become groups of their own, or n8n's. */
	private evaluate(group: Group, indices: readonly number[], host: ExpressionHost, left: Group[]): Cell[][] {
		const started = Date.now();
		try {
			return group.evaluation.evaluate(indices);
		} catch {
			this.groups = this.groups.filter((other) => other !== group);
			const tried = group.fields.filter(({ isTrusted }) => isTrusted);
			if (group.fields.length === 1 || Date.now() - started > LONG_FAILURE) {
				for (const field of tried) field.distrust();
				return [];
			}
			const before = this.groups.length;
			for (const field of tried) this.open([field], host);
			left.push(...this.groups.slice(before));
			return [];
		}
	}
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}
