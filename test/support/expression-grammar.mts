/** Expressions that are written at random from the grammar that the recogniser accepts, and a little beyond. */
import fc from 'fast-check';

const METHODS_WITHOUT_OPERANDS =
	'toUpperCase toLowerCase trim toString first last length isEmpty isNotEmpty toInt toFloat toTitleCase toJsonString keys values compact unique sum max min round floor abs toBoolean toDateTime hash isEmail flat toReversed toISOString toISO toMillis'.split(
		' ',
	);
const METHODS_WITH_ONE =
	'includes indexOf concat slice split at join startsWith endsWith padStart repeat toFixed append union difference pluck chunk replace extract plus format hasField localeCompare'.split(
		' ',
	);
const METHODS_WITH_FUNCTION = 'map filter find some every findIndex flatMap'.split(' ');
const OPERATORS = '+ - * / % ** == != === !== < > <= >= && || ?? & | ^ << >> >>> in'.split(' ');

/** A text of an expression that reads members called `names`. */
export function expressionOf(names: readonly string[]): fc.Arbitrary<string> {
	const name = fc.constantFrom(...names.filter((text) => /^\w+$/.test(text)));
	const space = fc.constantFrom('', '', ' ', '  ', '\n', '\t');
	const text = fc.oneof(
		fc
			.string({ maxLength: 6 })
			.map((value) => JSON.stringify(value).replaceAll('{', '(').replaceAll('}', ')')),
		fc.constantFrom("'it'", "''", '","', '"ж"', '"😀"', '" "', '".first("'),
	);
	const number = fc.constantFrom('0', '1', '2', '-1', '0.5', '10', '1e3', '0xff', '.5', '3.');
	const plain = fc.constantFrom(
		'true',
		'false',
		'null',
		'undefined',
		'NaN',
		'$itemIndex',
		'/a/g',
		'/[aeiou]+/i',
	);
	const join = (...parts: Array<fc.Arbitrary<string>>): fc.Arbitrary<string> =>
		fc.tuple(...parts).map((texts) => texts.join(''));
	const { expression } = fc.letrec<{ value: string; chain: string; expression: string }>((tie) => ({
		chain: fc.oneof(
			{ maxDepth: 4, withCrossShrink: true },
			{
				arbitrary: join(
					fc.constantFrom('$json', "$('Webhook').item.json", '$input.item.json'),
					fc.constantFrom('.', '?.'),
					name,
				),
				weight: 5,
			},
			{
				arbitrary: join(fc.constantFrom('$json', '$json'), fc.constant('["'), name, fc.constant('"]')),
				weight: 1,
			},
			{
				arbitrary: join(
					tie('chain'),
					fc.constantFrom('.', '?.'),
					fc.constantFrom('a', 'sku', 'length', 'qty', 'city'),
				),
				weight: 2,
			},
			{
				arbitrary: join(tie('chain'), fc.constantFrom('[', '?.['), tie('value'), fc.constant(']')),
				weight: 1,
			},
			{
				arbitrary: join(
					tie('chain'),
					fc.constantFrom('.', '?.'),
					fc.constantFrom(...METHODS_WITHOUT_OPERANDS),
					fc.constant('()'),
				),
				weight: 3,
			},
			{
				arbitrary: join(
					tie('chain'),
					fc.constant('.'),
					fc.constantFrom(...METHODS_WITH_ONE),
					fc.constant('('),
					tie('value'),
					fc.constant(')'),
				),
				weight: 3,
			},
			{
				arbitrary: join(
					tie('chain'),
					fc.constant('.'),
					fc.constantFrom(...METHODS_WITH_FUNCTION),
					fc.constantFrom(
						'(x => x',
						'((x, i) => i + x',
						'(({ sku }) => sku',
						'(x => x?.qty > 1',
						'(x => [x]',
					),
					fc.constant(')'),
				),
				weight: 2,
			},
		),
		value: fc.oneof(
			{ maxDepth: 4 },
			{ arbitrary: tie('chain'), weight: 5 },
			text,
			number,
			plain,
			{ arbitrary: join(fc.constant('('), tie('expression'), fc.constant(')')), weight: 2 },
			join(fc.constant('['), tie('expression'), fc.constant(', '), tie('value'), fc.constant(']')),
			join(fc.constant('[...'), tie('chain'), fc.constant(']')),
			join(fc.constant('({ a: '), tie('expression'), fc.constant(', ...'), tie('chain'), fc.constant(' })')),
			join(
				fc.constant('`'),
				fc.constantFrom('', 'a ', '$ '),
				fc.constant('${'),
				tie('value'),
				fc.constant(' }`'),
			),
			join(fc.constantFrom('-', '+', '!', '~', 'typeof '), fc.constant('('), tie('value'), fc.constant(')')),
			join(
				fc.constantFrom(
					'String(',
					'Number(',
					'$ifEmpty(1, ',
					'JSON.stringify(',
					'Math.round(',
					'Array.isArray(',
					'Object.keys(',
					'new Date(',
					'parseInt(',
				),
				tie('value'),
				fc.constant(')'),
			),
			join(
				fc.constant('$if('),
				tie('value'),
				fc.constant(', '),
				tie('value'),
				fc.constant(', '),
				tie('value'),
				fc.constant(')'),
			),
		),
		expression: fc.oneof(
			{ maxDepth: 4 },
			{ arbitrary: tie('value'), weight: 3 },
			{
				arbitrary: join(
					tie('value'),
					space,
					fc.constantFrom(...OPERATORS).map((operator) => ` ${operator} `),
					tie('value'),
				),
				weight: 3,
			},
			join(tie('value'), fc.constant(' ? '), tie('value'), fc.constant(' : '), tie('expression')),
			join(tie('value'), fc.constantFrom(' = ', ', ', '; ', ' => '), tie('value')),
		),
	}));
	const bare = join(fc.constant('={{'), space, expression, space, fc.constant('}}'));
	const inText = join(
		fc.constantFrom('=a ', '={"x": ', '=.'),
		fc.constant('{{'),
		expression,
		fc.constant('}}'),
		fc.constantFrom('', '}', ' - {{ $json.first }}'),
	);
	return fc.oneof({ arbitrary: bare, weight: 4 }, { arbitrary: inText, weight: 1 });
}
