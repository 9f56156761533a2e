import { hasLoneSurrogate } from '../../check/text';

import { compose, MARK, MAX_TEXT, type Composed, type Payload } from './compose';
import { handOver, isExact, wantedOf, type Wanted } from './handover';
import type { ExpressionHost } from './host';
import { ASK } from './path';
import type { Read } from './grammar';
import type { Recognised } from './recognise';

/** What became of a field for an item. Each new kind of result is compared with n8n's own once. */
export interface Cell {
	value: unknown;
	kind:
		| 'text'
		| 'empty'
		| 'number'
		| 'boolean'
		| 'null'
		| 'undefined'
		| 'NaN'
		| 'failed'
		| 'list'
		| 'object'
		| 'ask';
}

const ASKED: Cell = { value: ASK, kind: 'ask' };
const MAX_PAYLOAD = 262_144;
const CONTEXT_NAME = 'serverEventsExpressions';

/** Members that one field reads of one source. */
interface Use {
	/** `undefined`: the item itself. */
	node: string | undefined;
	/** Top-level names. */
	names: ReadonlySet<string> | 'all';
}

/** Fields that are evaluated together by one expression. */
export class Evaluation {
	private readonly host: ExpressionHost;
	private readonly composed: Composed;
	private readonly wanted: ReadonlyMap<string | undefined, Wanted>;
	private readonly uses: readonly Use[][];
	private readonly constants: readonly unknown[];

	/** Throws if a constant of the run has no value that can be handed over. */
	constructor(fields: readonly Recognised[], host: ExpressionHost, constantOf: (text: string) => unknown) {
		this.host = host;
		this.composed = compose(fields, host.nodeName, CONTEXT_NAME);
		this.constants = this.composed.constants.map(constantOf);
		const readsOf = (field: Recognised): Read[] => field.codes.flatMap(({ reads }) => reads);
		this.wanted = new Map(
			[undefined, ...this.composed.nodes].map((node) => [
				node,
				wantedOf(fields.flatMap(readsOf).filter((read) => read.node === node)),
			]),
		);
		this.uses = fields.map((field) => usesOf(readsOf(field)));
	}

	/** Evaluates the fields for some items, by item; for fewer items than asked for if the data grows too large. */
	evaluate(indices: readonly number[]): Cell[][] {
		const { c, k } = { c: this.composed.texts, k: this.constants };
		const rows: Array<readonly unknown[]> = [];
		const inexact: Array<Map<string | undefined, ReadonlySet<string> | 'all'>> = [];
		let characters = 0;
		for (const index of indices) {
			const faults = new Map<string | undefined, ReadonlySet<string> | 'all'>();
			const sources = [...this.wanted].map(([node, wanted]) => {
				const source = node === undefined ? this.host.itemAt(index) : this.host.pairedItem(node, index);
				if (source === undefined) {
					faults.set(node, 'all');
					return {};
				}
				const handed = handOver(source, wanted);
				characters += handed.characters;
				if (handed.inexact.size > 0) faults.set(node, handed.inexact);
				return handed.value;
			});
			rows.push([sources[0], index, ...sources.slice(1)]);
			inexact.push(faults);
			if (characters > MAX_PAYLOAD) break;
		}
		const results = this.run({ c, k, r: rows }, indices[0] ?? 0);
		const done = results.findIndex((cells) => !Array.isArray(cells));
		return results.slice(0, done < 0 ? undefined : done).map((cells, at) => {
			const faults = inexact[at];
			return this.uses.map((uses, field) => {
				const isAsked = faults && faults.size > 0 && uses.some((use) => touches(use, faults.get(use.node)));
				return isAsked ? ASKED : decode((cells as unknown[])[field]);
			});
		});
	}

	/** The data lies in the node's context only while n8n evaluates. */
	private run(payload: Payload, index: number): unknown[] {
		const context = this.host.context();
		context[CONTEXT_NAME] = JSON.stringify(payload);
		try {
			const result = this.host.evaluate(this.composed.text, index);
			const rows: unknown = typeof result === 'string' ? JSON.parse(result) : undefined;
			if (!Array.isArray(rows) || rows.length !== payload.r.length) throw new Error('n8n gave no results');
			return rows;
		} finally {
			delete context[CONTEXT_NAME];
		}
	}
}

function usesOf(reads: readonly Read[]): Use[] {
	const sources = new Set(reads.map(({ node }) => node));
	return [...sources].map((node) => {
		const paths = reads.filter((read) => read.node === node).map(({ path }) => path);
		const names = paths.flatMap(([name]) => (name === undefined ? [] : [name]));
		return { node, names: paths.some(({ length }) => length === 0) ? 'all' : new Set(names) };
	});
}

function touches({ names }: Use, faults: ReadonlySet<string> | 'all' | undefined): boolean {
	if (faults === undefined) return false;
	if (faults === 'all' || names === 'all') return true;
	return [...faults].some((name) => names.has(name));
}

function decode(cell: unknown): Cell {
	switch (typeof cell) {
		case 'string':
			if (cell === '') return { value: cell, kind: 'empty' };
			return cell.includes('\0') || hasLoneSurrogate(cell) ? ASKED : { value: cell, kind: 'text' };
		case 'number':
			return { value: cell, kind: 'number' };
		case 'boolean':
			return { value: cell, kind: 'boolean' };
	}
	if (cell === null) return { value: cell, kind: 'null' };
	const [mark, text] = Array.isArray(cell) ? (cell as unknown[]) : [];
	if (mark === MARK.undefined) return { value: undefined, kind: 'undefined' };
	if (mark === MARK.notANumber) return { value: Number.NaN, kind: 'NaN' };
	if (mark === MARK.failed) return { value: undefined, kind: 'failed' };
	if (mark !== MARK.json || typeof text !== 'string') return ASKED;
	const value = JSON.parse(text) as unknown;
	if (!isExact(value, MAX_TEXT)) return ASKED;
	return { value, kind: Array.isArray(value) ? 'list' : 'object' };
}
