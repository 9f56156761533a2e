import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { storeUser } from '../storeUser';

export class GravityFieldStoreUser implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gravity Field Store User',
		name: 'gravityFieldStoreUser',
		icon: {
			light: 'file:../../../icons/gravityfield.svg',
			dark: 'file:../../../icons/gravityfield.dark.svg',
		},
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('"create or update"'),
		description:
			'Save attributes of a user in Gravity Field, and get the segments back. Needs the user: a Gravity Field user ID, or an ID of your own with a session ID.',
		defaults: { name: 'Gravity Field Store User' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: storeUser.searchHint },
		credentials: [{ name: 'gravityFieldApi', required: true }],
		properties: formOf(storeUser),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, storeUser);
	}
}
