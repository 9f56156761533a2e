import { describe, expect, test } from '@jest/globals';

import { internalErrorMessage, placeOf } from '../../nodes/engine/internalError.ts';

const withStack = (stack: string, message = 'boom', name = 'TypeError') =>
	Object.assign(new Error(message), { name, stack });

describe('the place of a fault', () => {
	test.each([
		[
			'in a function',
			'TypeError: boom\n    at encode (/n8n/dist/vendor.js:31:5)',
			'TypeError in encode, vendor.js:31',
		],
		[
			'in a method',
			'TypeError: boom\n    at Ledger.note (/a b/ledger.js:7:1)',
			'TypeError in Ledger.note, ledger.js:7',
		],
		[
			'in a method of another name',
			'TypeError: boom\n    at Object.encode [as run] (/a/v.js:1:1)',
			'TypeError in Object.encode, v.js:1',
		],
		[
			'in a constructor',
			'TypeError: boom\n    at new Ledger (C:\\n8n\\ledger.js:7:1)',
			'TypeError in Ledger, ledger.js:7',
		],
		['after a wait', 'TypeError: boom\n    at async run (/a/run.js:12:3)', 'TypeError in run, run.js:12'],
		['outside of functions', 'TypeError: boom\n    at /a/run.js:12:3', 'TypeError at run.js:12'],
		[
			'in a module of Node, by the place that called it',
			'TypeError: boom\n    at Buffer.from (node:buffer:3:1)\n    at f (/a/b.js:2:2)',
			'TypeError in f, b.js:2',
		],
		['that n8n does not tell', 'TypeError: boom', 'TypeError'],
	])('%s', (_, stack, place) => {
		expect(placeOf(withStack(stack))).toBe(place);
	});

	test('holds nothing of the message, even where it looks like a place', () => {
		const message = 'x\n    at secret (/home/ann/a.js:1:1)';
		const stack = `TypeError: ${message}\n    at encode (/n8n/vendor.js:31:5)`;
		expect(placeOf(withStack(stack, message))).toBe('TypeError in encode, vendor.js:31');
	});

	test('holds no name that is more than a word', () => {
		expect(placeOf(withStack('', 'boom', '<img src=x>'))).toBe('Error');
	});

	test.each([
		['text', 'a thrown string'],
		[undefined, 'a thrown undefined'],
	])('of a thrown %p', (thrown, says) => {
		expect(placeOf(thrown)).toBe(says);
	});

	test('of a real error', () => {
		expect(placeOf(new RangeError('x'))).toMatch(/^RangeError .*internalError\.test\.mts:\d+$/);
	});
});

test('the message says what came of it and what to do', () => {
	expect(internalErrorMessage('ended the run', 'x')).toBe(
		'An internal error of this node ended the run (a thrown string); please report it to the authors of this node',
	);
});
