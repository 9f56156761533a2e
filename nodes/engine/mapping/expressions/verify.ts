import isEqual from 'lodash/isEqual';

import type { Cell } from './evaluate';
import { ASK } from './path';
import type { Recognised } from './recognise';

/** Values after which a field that mostly has to ask n8n is left to it. */
const ENOUGH = 32;

/**
 * A field that is evaluated for many items at once, as long as it gives what n8n gives: samples and the first value of
 * each kind are compared, and one difference is enough to leave the field to n8n for the rest of the run.
 */
export class Field {
	readonly recognised: Recognised;
	isTrusted = true;
	private readonly ask: (index: number) => unknown;
	private readonly confirmed = new Set<Cell['kind']>();
	private values: unknown[] = [];
	private from = 0;
	private seen = 0;
	private asked = 0;

	constructor(recognised: Recognised, ask: (index: number) => unknown) {
		this.recognised = recognised;
		this.ask = ask;
	}

	valueOf(index: number): unknown {
		const value =
			this.isTrusted && index >= this.from && index - this.from < this.values.length
				? this.values[index - this.from]
				: ASK;
		return value === ASK ? this.ask(index) : value;
	}

	/** Takes over the values of the items from `from` on. */
	keep(from: number, cells: readonly Cell[]): void {
		if (!this.isTrusted) return;
		this.from = from;
		this.values = cells.map(({ value }) => value);
		for (const [at, cell] of cells.entries()) {
			this.seen++;
			if (cell.kind === 'ask') this.asked++;
			else if (!this.confirmed.has(cell.kind)) this.compare(from + at, cell);
			if (!this.isTrusted) return;
		}
		if (this.seen >= ENOUGH && this.asked * 2 > this.seen) this.distrust();
	}

	/** Whether n8n gives the same for the item; an error of n8n is a difference. */
	compare(index: number, cell: Cell): void {
		if (cell.kind === 'ask') return;
		let isSame = false;
		try {
			isSame = isSameValue(cell.value, this.ask(index));
		} catch {
			// n8n throws the same again when the item is mapped.
		}
		if (isSame) this.confirmed.add(cell.kind);
		else this.distrust();
	}

	distrust(): void {
		this.isTrusted = false;
		this.values = [];
	}
}

export function isSameValue(ours: unknown, theirs: unknown): boolean {
	return Object.is(ours, theirs) || (typeof ours === 'object' && ours !== null && isEqual(ours, theirs));
}
