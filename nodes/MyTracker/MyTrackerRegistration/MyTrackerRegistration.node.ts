import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf } from '../../engine/form';
import { run } from '../../engine/run';
import { registration } from '../registration';

export class MyTrackerRegistration implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyTracker Registration',
		name: 'myTrackerRegistration',
		icon: { light: 'file:../../../icons/mytracker.svg', dark: 'file:../../../icons/mytracker.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["sendAs"] === "single" ? "registration" : "registrationBatch" }}',
		description: 'Tell MyTracker that a user has signed up, in batches of up to 20',
		defaults: { name: 'MyTracker Registration' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'myTrackerApi', required: true }],
		properties: formOf(registration),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, registration);
	}
}
