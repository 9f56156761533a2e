/** The forms of Store User, Store Visit and Get Campaign. */
import { describe, expect, test } from '@jest/globals';
import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters, INodeType } from 'n8n-workflow';

import { GravityFieldGetCampaign } from '../../../nodes/GravityField/GravityFieldGetCampaign/GravityFieldGetCampaign.node.ts';
import { GravityFieldStoreUser } from '../../../nodes/GravityField/GravityFieldStoreUser/GravityFieldStoreUser.node.ts';
import { GravityFieldStoreVisit } from '../../../nodes/GravityField/GravityFieldStoreVisit/GravityFieldStoreVisit.node.ts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { asNode, resolvedParameters } from '../../support/node-form.mts';

const nodes = {
	gravityFieldStoreUser: new GravityFieldStoreUser(),
	gravityFieldStoreVisit: new GravityFieldStoreVisit(),
	gravityFieldGetCampaign: new GravityFieldGetCampaign(),
};
const shown = (node: INodeType, parameters: INodeParameters) => {
	const values = resolvedParameters(node, parameters);
	return node.description.properties
		.filter(
			(property) => property.type !== 'hidden' && NodeHelpers.displayParameter(values, property, null, null),
		)
		.map(({ name }) => name);
};

test('n8n’s rules find nothing in the produced descriptions', async () => {
	const findings = await lintSubjects(
		Object.values(nodes).map((node) => ({
			fileBaseName: node.description.name.replace(/^./, (letter) => letter.toUpperCase()),
			node: node.description,
		})),
	);
	expect(findings).toEqual([[], [], []]);
}, 60_000);

test('an untouched form asks for what is known of the user, and counts no impression', () => {
	expect(resolvedParameters(nodes.gravityFieldStoreUser, {}).returnOptions).toEqual({
		isReturnUserInfo: true,
	});
	expect(resolvedParameters(nodes.gravityFieldStoreVisit, {}).returnOptions).toEqual({});
	expect(resolvedParameters(nodes.gravityFieldGetCampaign, {}).returnOptions).toEqual({
		isImplicitImpression: false,
		isBuildEngagementUrl: true,
	});
});

describe.each(Object.entries(nodes))('%s', (_, node) => {
	test('n8n insists on nothing, and nothing speaks of a batch', () => {
		const issues = NodeHelpers.getNodeParametersIssues(
			node.description.properties,
			asNode(resolvedParameters(node, {})),
			node.description,
		);
		expect(issues).toBeNull();
		expect(shown(node, {})).not.toContain('sendAs');
		expect(shown(node, { mappingMode: 'autoMapInputData' })).not.toContain('user');
	});
});

test('get campaign shows what belongs to the request', () => {
	const node = nodes.gravityFieldGetCampaign;
	const of = (request: string) =>
		['user', 'ctx', 'device', 'returnOptions', 'dataRows', 'data', 'urls'].filter((name) =>
			shown(node, { request }).includes(name),
		);
	expect(of('choose')).toEqual(['user', 'ctx', 'device', 'returnOptions', 'dataRows', 'data']);
	expect(of('engagement')).toEqual(['urls']);
	// The choice holds for items that are mapped automatically, too.
	expect(shown(node, { mappingMode: 'autoMapInputData' })).toContain('request');
});
