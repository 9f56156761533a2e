import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { storeVisit } from '../storeVisit';

export class GravityFieldStoreVisit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gravity Field Store Visit',
		name: 'gravityFieldStoreVisit',
		icon: {
			light: 'file:../../../icons/gravityfield.svg',
			dark: 'file:../../../icons/gravityfield.dark.svg',
		},
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('"visit"'),
		description:
			'Tell Gravity Field which page or screen a customer has opened. Needs the user (a Gravity Field user ID, or an ID of your own with a session ID), the page type and the address of the page.',
		defaults: { name: 'Gravity Field Store Visit' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: storeVisit.searchHint },
		credentials: [{ name: 'gravityFieldApi', required: true }],
		properties: formOf(storeVisit),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, storeVisit);
	}
}
