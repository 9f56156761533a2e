import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { getCampaign } from '../getCampaign';

export class GravityFieldGetCampaign implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gravity Field Get Campaign',
		name: 'gravityFieldGetCampaign',
		icon: {
			light: 'file:../../../icons/gravityfield.svg',
			dark: 'file:../../../icons/gravityfield.dark.svg',
		},
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["request"].replace(/^=/, "")'),
		description:
			'Get campaigns of Gravity Field for a customer, and report impressions and clicks. Needs the user and a selector or campaign ID, or the links of a campaign.',
		defaults: { name: 'Gravity Field Get Campaign' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: getCampaign.searchHint },
		credentials: [{ name: 'gravityFieldApi', required: true }],
		properties: formOf(getCampaign),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, getCampaign);
	}
}
