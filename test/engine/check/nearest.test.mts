import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { nearestName } from '../../../nodes/engine/check/nearest.ts';

const documented = [
	'customUserId',
	'customEventName',
	'eventTimestamp',
	'idGender',
	'age',
	'ipv4',
	'ipv6',
	'lvid',
];

test.each([
	['customUserID', 'customUserId'],
	['custom_user_id', 'customUserId'],
	['custmoUserId', 'customUserId'],
	['customUserld', 'customUserId'],
	['event_timestamp', 'eventTimestamp'],
	['eventTimestmp', 'eventTimestamp'],
	['Age', 'age'],
	['ag', 'age'],
	['custmUserd', 'customUserId'],
	['ipv5', 'ipv4'],
	['lvdi', 'lvid'],
	['lvdx', undefined],
	['lvxi', undefined],
	['somethingElse', undefined],
	['', undefined],
	['__proto__', undefined],
])('%j means %j', (name, meant) => {
	expect(nearestName(name, documented)).toBe(meant);
});

test('a documented name is nearest to itself, also beside one that differs by a swap', () => {
	for (const name of documented) expect(nearestName(name, documented)).toBe(name);
	expect(nearestName('lvdi', ['lvid', 'lvdi'])).toBe('lvdi');
});

test('one slip of a longer name is found; the answer is always a documented name', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...documented.filter(({ length }) => length > 5)),
			fc.nat(),
			fc.constantFrom('drop', 'double', 'swap'),
			(name, at, slip) => {
				const place = at % (name.length - 1);
				const wrong =
					slip === 'drop'
						? name.slice(0, place) + name.slice(place + 1)
						: slip === 'double'
							? name.slice(0, place) + name[place] + name.slice(place)
							: name.slice(0, place) + name[place + 1] + name[place] + name.slice(place + 2);
				expect(nearestName(wrong, documented)).toBe(name);
			},
		),
	);
	fc.assert(
		fc.property(fc.string(), (name) =>
			expect([undefined, ...documented]).toContain(nearestName(name, documented)),
		),
	);
});

test('very long names take no long time', () => {
	expect(nearestName('x'.repeat(1_000_000), documented)).toBeUndefined();
});
