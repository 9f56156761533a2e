import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, HOW_SENT, run, subtitleOf } from '../../engine';
import { registration } from '../registration';

export class MyTrackerRegistration implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyTracker Registration',
		name: 'myTrackerRegistration',
		icon: { light: 'file:../../../icons/mytracker.svg', dark: 'file:../../../icons/mytracker.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf(HOW_SENT),
		description:
			'Tell MyTracker which users have signed up, up to 20 in one request. Needs the user ID; the event time is ISO 8601 or Unix seconds.',
		defaults: { name: 'MyTracker Registration' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: registration.searchHint },
		credentials: [{ name: 'myTrackerApi', required: true }],
		properties: formOf(registration),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, registration);
	}
}
