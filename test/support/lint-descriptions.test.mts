import { expect, test } from '@jest/globals';
import type { ICredentialType, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { asSource, lintSubjects } from './lint-descriptions.mts';

const text = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
});

const clean: INodeTypeDescription = {
	displayName: 'Subject Send Event',
	name: 'subjectSendEvent',
	icon: { light: 'file:../../../icons/subject.svg', dark: 'file:../../../icons/subject.dark.svg' },
	group: ['output'],
	version: 1,
	subtitle: '={{ $parameter["eventName"] }}',
	description: 'Send one event to the subject',
	defaults: { name: 'Subject Send Event' },
	inputs: ['main'],
	outputs: ['main'],
	usableAsTool: true,
	credentials: [{ name: 'subjectApi', required: true }],
	properties: [
		{ ...text('Event Name', 'eventName', "What happened, in the user's own words"), required: true },
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				text('Alpha', 'a', 'First of five'),
				text('Beta', 'b', 'Second of five'),
				text('Gamma', 'c', 'Third of five'),
				{
					displayName: 'Preview',
					name: 'd',
					type: 'boolean',
					default: false,
					description: 'Whether to do all but send',
				},
				text('Zeta', 'e', 'Last of five'),
			],
		},
	],
};

const broken: INodeTypeDescription = {
	...clean,
	properties: [
		text('event name', 'eventName', 'says what happened'),
		{
			displayName: 'Preview',
			name: 'preview',
			type: 'boolean',
			default: false,
			description: 'Do all but send',
		},
		{
			displayName: 'Kind',
			name: 'kind',
			type: 'options',
			default: 'none',
			options: [{ name: 'One', value: 'one' }],
		},
		{
			displayName: 'More',
			name: 'more',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				text('Zeta', 'e', 'Last of five'),
				text('Alpha', 'a', 'First of five'),
				text('Beta', 'b', 'Second of five'),
				text('Gamma', 'c', 'Third of five'),
				text('Delta', 'd', 'Fourth of five'),
			],
		},
	],
};

const credential: ICredentialType = {
	name: 'subjectApi',
	displayName: 'Subject API',
	icon: { light: 'file:../icons/subject.svg', dark: 'file:../icons/subject.dark.svg' },
	documentationUrl: 'https://example.com/docs',
	properties: [
		{ displayName: 'Token', name: 'token', type: 'string', typeOptions: { password: true }, default: '' },
	],
	test: { request: { baseURL: 'https://example.com', url: '/' } },
	authenticate: async (_credentials, options) => options,
};

test('values are written as source with bare keys', () => {
	const value = { a: "it's", 'b-c': [1, true, null], d: { e: 'two\nlines "q" \\ ' }, none: undefined };
	expect(asSource(value)).toContain('a: ');
	expect(asSource(value)).not.toContain('none');
	expect(new Function(`return ${asSource(value)}`)()).toEqual({
		a: "it's",
		'b-c': [1, true, null],
		d: { e: 'two\nlines "q" \\ ' },
	});
});

test('n8n’s own rules look at produced fields', async () => {
	const [cleanFound, brokenFound, goodCredential, badCredential] = await lintSubjects([
		{ fileBaseName: 'SubjectSendEvent', node: clean },
		{ fileBaseName: 'OtherName', node: broken },
		{ fileBaseName: 'SubjectApi', credential },
		{
			fileBaseName: 'PlainApi',
			credential: {
				...credential,
				name: 'plainApi',
				displayName: 'Plain',
				properties: [{ ...credential.properties[0], typeOptions: {} }],
			},
		},
	]);
	expect(cleanFound).toEqual([]);
	expect(goodCredential).toEqual([]);

	const rules = new Set(brokenFound.map(({ rule }) => rule));
	for (const rule of [
		'node-param-display-name-miscased',
		'node-param-description-lowercase-first-char',
		'node-param-description-boolean-without-whether',
		'node-param-default-wrong-for-options',
		'node-param-collection-type-unsorted-items',
		'node-filename-against-convention',
	]) {
		expect(rules).toContain(`n8n-nodes-base/${rule}`);
	}
	const miscased = brokenFound.find(({ rule }) => rule.endsWith('display-name-miscased'));
	expect(miscased).toMatchObject({ severity: 'error', text: "displayName: 'event name'," });

	const credentialRules = badCredential.map(({ rule }) => rule);
	expect(credentialRules).toContain('@n8n/community-nodes/credential-password-field');
	expect(credentialRules).toContain('n8n-nodes-base/cred-class-field-display-name-missing-api');
}, 60_000);
