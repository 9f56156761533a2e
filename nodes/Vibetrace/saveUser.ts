import {
	EMAIL,
	isAbsent,
	isPlainObject,
	urlStep,
	userText,
	without,
	type Field,
	type Issue,
	type Json,
	type Operation,
	type ReadData,
	type Rule,
} from '../engine';

import { asScalar, putAttributes } from './attributes';
import { vibetraceRestCredential } from './credential';
import { attributesForm } from './forms';
import { jsonForm, orderingKeyBy, limits, PAGES, responsesOf } from './rest';
import { defaults } from './vendor';
import { searchHints, searchWords } from './searchWords';

const text = (wire: string, label: string, help: string, example: string): Field => ({
	wire,
	label,
	help,
	type: { kind: 'text' },
	example,
	evidence: 'documented',
});

const fields: readonly Field[] = [
	{
		wire: 'email',
		personal: true,
		label: 'Email',
		help: "The user's e-mail address, which is part of the request's URL. If the account does not have the user, it is created",
		type: { kind: 'text', pattern: EMAIL, rewrite: (address) => address.trim() },
		required: true,
		example: 'buyer@example.com',
		evidence: 'documented',
	},
	{
		wire: 'isSubscribed',
		label: 'Is Subscribed',
		help: 'Whether the person agreed to receive messages. Nothing is sent until you choose a value',
		type: { kind: 'boolean', open: true },
		evidence: 'documented',
	},
	text('gender', 'Gender', 'The gender, as your account writes it', 'male'),
	text('city', 'City', 'The place of residence', 'Boston'),
	{
		wire: 'attributes',
		formOnly: true,
		label: 'Attributes',
		help: 'Other attributes, under the names that your account has; Vibetrace ignores unknown ones',
		type: { kind: 'json', as: 'object' },
		form: attributesForm(['firstname', 'Ana']),
		example: { firstname: 'Ana' },
		evidence: 'documented',
	},
];

const NAMES = new Set(fields.map(({ wire }) => wire));

/** Puts the attributes of the form beside the fields. What it is given stays as it is. */
function normalize(mapped: Json): { event: Json; issues: Issue[] } {
	const issues: Issue[] = [];
	const event: Json = { ...mapped };
	const isReserved = (name: string) => NAMES.has(name);
	putAttributes(event, { isReserved, label: "'Attributes' (attributes)", owner: 'the user' }, issues);
	for (const name of Object.keys(event)) if (!NAMES.has(name)) event[name] = asScalar(event[name]);
	return { event, issues };
}

const rules: readonly Rule[] = [
	{
		description: 'An attribute is a single value: text, a number, true or false',
		evidence: 'inferred',
		check: (event) =>
			Object.keys(event)
				.filter((name) => !NAMES.has(name) && typeof event[name] === 'object' && event[name] !== null)
				.map((name) => ({
					field: name,
					message: `The attribute '${userText(name)}' must be a single value: text, a number, true or false`,
				})),
	},
];

const attributesOf = (event: Json): Json => without(event, ['email']);

/** `PUT {apiBaseUrl}/v1/user/{email}?upsert=true`. The @ stays as it is in the page's samples. */
const wireForm = jsonForm({
	method: () => 'user',
	bodyOf: attributesOf,
	orderingKeyOf: ({ email }) => orderingKeyBy('email', email),
	request: ({ email }, { baseUrl }) => ({
		method: 'PUT',
		url: `${baseUrl}/v1/user/${urlStep(String(email), '@') ?? ''}?upsert=true`,
	}),
});

/** Members of a profile that are no attributes. */
const NO_ATTRIBUTES = new Set(['_id', 'email']);

/** The profile as it is now. Attributes that the account does not have, and values that it refuses, are missing from it. */
function read(answer: Json, event: Json): ReadData {
	const profile = answer.object;
	if (!isPlainObject(profile)) return { data: {} };
	const isWhole = Object.keys(profile).some((name) => !NO_ATTRIBUTES.has(name));
	const missing = isWhole
		? Object.keys(attributesOf(event)).filter(
				(name) => !isAbsent(event[name]) && !Object.hasOwn(profile, name),
			)
		: [];
	const warnings = missing.map((field) => ({
		field,
		message: `'${userText(field)}' is not in the profile that came back; check that your account has this attribute and takes its value`,
	}));
	return { data: { profile }, ...(warnings.length ? { warnings } : {}) };
}

export const saveUser: Operation = {
	name: 'vibetraceSaveUser',
	vendor: 'Vibetrace',
	title: 'Save User',
	documentation: PAGES.user,
	searchWords: searchWords.saveUser,
	searchHint: searchHints.saveUser,
	credential: vibetraceRestCredential,
	notices: [
		{ text: 'Creates the user, or updates the attributes that you give. The credential needs an API key.' },
	],
	fields,
	additionalProperties: true,
	sections: [],
	rules,
	normalize,
	single: wireForm,
	batch: wireForm,
	oneByOne: true,
	reads: {
		fields: [
			{
				wire: 'profile',
				label: 'Profile',
				help: 'The user as the account has it now',
				type: {
					kind: 'object',
					free: true,
					fields: [
						{
							wire: '_id',
							label: 'User ID',
							help: "Vibetrace's own ID of the user",
							type: { kind: 'text' },
							evidence: 'documented',
						},
					],
				},
				evidence: 'documented',
			},
		],
		from: read,
	},
	responses: responsesOf('the account does not know this user'),
	// Not documented. The request is a PUT, which sets values and whose repeat has the same effect (RFC 9110, 9.2.2).
	repeatIsSafe: () => true,
	defaults,
	samples: [
		{
			of: 'create, the sample body',
			event: { email: 'buyer@example.com', isSubscribed: true, gender: 'male' },
		},
	],
	limits: [
		...limits,
		'A user whom the account does not have is created, otherwise the given attributes are updated (documented)',
		'A request whose answer was lost is repeated automatically: it is a PUT, and the same values set again change nothing (inferred)',
		'An attribute that the account does not have is ignored without notice (documented); a warning names what is missing from the profile in the answer (inferred)',
		'The page says that invalid values are ignored, and also lists a 400 for them',
		'isSubscribed is consent and never has a default; how an attribute is deleted is not documented, so an empty one is left out',
	],
};
