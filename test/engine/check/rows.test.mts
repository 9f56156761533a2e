import { describe, expect, test } from '@jest/globals';

import { checkRows } from '../../../nodes/engine/check/rows.ts';
import type { Findings } from '../../../nodes/engine/check/schema.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { completed, type Steps } from '../../../nodes/engine/steps.ts';
import { row } from '../../support/fakeVendor.mts';

const cart = { ...row('cart', { kind: 'list', of: [] }), label: 'Cart' };
const documented = new Set(['productId', 'quantity']);
/** Asks for both members; what the list says of it. */
function messagesOf(rows: unknown[]): string[] {
	const findings: Findings = { faults: [], doubts: [] };
	const check = function* (value: Json, path: ReadonlyArray<string | number>): Steps<Json> {
		const labels = { productId: 'Product ID', quantity: 'Quantity' };
		for (const [name, label] of Object.entries(labels))
			if (!(name in value))
				findings.faults.push({ path: [...path, name], message: `'${label}' (${name}) is required` });
		if (value.quantity === 'x') findings.doubts.push({ path: [...path, 'quantity'], message: 'is odd' });
		return value;
	};
	completed(checkRows(rows, cart, ['cart'], { check, documented }, findings));
	return [...findings.faults, ...findings.doubts].map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('what is wrong in a line of a list', () => {
	test('says which line it is, counted from 1', () => {
		expect(messagesOf([{ productId: 'a', quantity: 1 }, { productId: 'b' }])).toEqual([
			"cart.1.quantity Cart, line 2: 'Quantity' (quantity) is required",
		]);
		expect(messagesOf([{ productId: 'a', quantity: 'x' }])).toEqual(['cart.0.quantity Cart, line 1: is odd']);
		expect(messagesOf(['x'])).toEqual(['cart.0 Cart, line 1: must be an object of names and values']);
	});

	test('says what the line has instead of what it needs', () => {
		const message = "Cart, line 1: has sku, name, qty; needs 'Product ID' (productId), 'Quantity' (quantity)";
		expect(messagesOf([{ sku: 'a', name: 'Tea', qty: 2, note: '' }])).toEqual([
			`cart.0.productId ${message}`,
			`cart.0.quantity ${message}`,
		]);
	});

	test('names at most five of them, as a stranger’s text', () => {
		const [first] = messagesOf([{ '<b>': 1, b: 1, c: 1, d: 1, e: 1, f: 1, quantity: 1 }]);
		expect(first).toBe(
			"cart.0.productId Cart, line 1: has &lt;b&gt;, b, c, d, e and more; needs 'Product ID' (productId)",
		);
	});

	test('gives way to other work between many lines', () => {
		const rows = Array.from({ length: 1_200 }, (_, at) => ({ productId: `${at}`, quantity: 1 }));
		const findings: Findings = { faults: [], doubts: [] };
		const check = function* (value: Json): Steps<Json> {
			return { ...value };
		};
		const steps = checkRows(rows, cart, ['cart'], { check, documented }, findings);
		let turns = 0;
		let step = steps.next();
		for (; !step.done; step = steps.next()) turns++;
		expect(step.value).toEqual(rows);
		expect(turns).toBe(2);
	});
});
