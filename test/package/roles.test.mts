import { describe, expect, test } from '@jest/globals';

import { operations } from '../../index.ts';
import type { Field } from '../../nodes/engine/operation/operation.ts';

const allOf = (fields: readonly Field[], path = ''): Array<[string, Field]> =>
	fields.flatMap((field) => {
		const { type, wire } = field;
		const at = path ? `${path}.${wire}` : wire;
		const inner = type.kind === 'object' ? type.fields : type.kind === 'list' ? type.of : [];
		return [[at, field] as [string, Field], ...allOf(inner, at)];
	});

/** Texts whose name says that they name somebody or something. */
const NAMES_SOMETHING =
	/(^|[a-z_.])(id|ids|uid|ifa|ifv|aid|idfa|gaid|lvid|ses|hwid|custom|cuid)$|Id$|[._]id$|_name$|(^|\.)name$|EventName$|^type$/;
/** They say what a device, an app, a network, a product or a screen is called, and identify nothing. */
const NO_IDENTITY = [
	'os_name',
	'app_version_name',
	'app_package_name',
	'operator_name',
	'ad_unit_name',
	'ad_placement_name',
	'product_name',
	'screen_name',
];

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
	test('what names somebody or something has a role, so that "undefined" and an unevaluated expression are refused there', () => {
		const without = allOf(operation.fields)
			.filter(([path, { type, role }]) => {
				const isText = type.kind === 'text' || (type.kind === 'choice' && type.open !== undefined);
				return isText && role === undefined && NAMES_SOMETHING.test(path);
			})
			.map(([path]) => path)
			.filter((path) => !NO_IDENTITY.includes(path));
		expect(without).toEqual([]);
	});

	test('e-mail addresses, phone numbers and addresses of devices are personal', () => {
		const shown = allOf(operation.fields)
			.filter(([path, { personal }]) => !personal && /e-?mail|phone|ipv?[46]?$|cookie|^cuid$/i.test(path))
			.map(([path]) => path);
		expect(shown).toEqual([]);
	});
});
