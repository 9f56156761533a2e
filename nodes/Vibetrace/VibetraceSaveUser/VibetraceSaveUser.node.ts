import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { saveUser } from '../saveUser';

export class VibetraceSaveUser implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vibetrace Save User',
		name: 'vibetraceSaveUser',
		icon: { light: 'file:../../../icons/vibetrace.svg', dark: 'file:../../../icons/vibetrace.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('"create or update"'),
		description:
			'Create or update a user of Vibetrace with attributes, and get the profile back. Needs the email of the user; attributes are single values under the names of your account.',
		defaults: { name: 'Vibetrace Save User' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: saveUser.searchHint },
		credentials: [{ name: 'vibetraceApi', required: true }],
		properties: formOf(saveUser),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, saveUser);
	}
}
