import { expect, test } from '@jest/globals';

import { HOW_SENT, subtitleOf } from '../../../nodes/engine/form/subtitle.ts';

type Parameters = Record<string, unknown>;

/** Evaluates the one expression that a subtitle is, as n8n does, with the node's parameters alone. */
function shown(subtitle: string, parameters: Parameters, raw: Parameters = parameters): unknown {
	const expression = /^=\{\{ (.*) \}\}$/s.exec(subtitle)?.[1] ?? '';
	const evaluate = new Function('$parameter', '$rawParameter', `return ${expression}`) as (
		parameters: Parameters,
		raw: Parameters,
	) => unknown;
	return evaluate(parameters, raw);
}
const ofName = subtitleOf('$rawParameter["name"].replace(/^=/, "")');

test.each<[string, Parameters, string]>([
	['the event', { name: 'levelUp', options: {} }, 'levelUp'],
	['the expression that names it', { name: '={{ $json.name }}' }, '{{ $json.name }}'],
	['a mapping that names none', { mappingMode: 'autoMapInputData', name: '' }, 'mapped automatically'],
	['that nothing is sent', { name: 'levelUp', options: { preview: true } }, 'preview only: levelUp'],
	[
		'that nothing is sent, mapped automatically',
		{ mappingMode: 'autoMapInputData', options: { preview: true } },
		'preview only: mapped automatically',
	],
])('a subtitle shows %s', (_, parameters, text) => expect(shown(ofName, parameters)).toBe(text));

test('where events have no name, how they are sent', () => {
	const subtitle = subtitleOf(HOW_SENT);
	expect(shown(subtitle, { sendAs: 'batch' })).toBe('in batches');
	expect(shown(subtitle, { sendAs: 'single' })).toBe('one by one');
	expect(shown(subtitle, { sendAs: 'single', options: { preview: true } })).toBe('preview only: one by one');
});
