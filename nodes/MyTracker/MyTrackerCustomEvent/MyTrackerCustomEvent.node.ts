import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { customEvent } from '../customEvent';

export class MyTrackerCustomEvent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyTracker Custom Event',
		name: 'myTrackerCustomEvent',
		icon: { light: 'file:../../../icons/mytracker.svg', dark: 'file:../../../icons/mytracker.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["customEventName"].replace(/^=/, "")'),
		description:
			'Send your own events, such as a purchase or a reached level, to MyTracker, up to 20 in one request. Needs the event name and a user ID or a device ID; the event time is ISO 8601 or Unix seconds.',
		defaults: { name: 'MyTracker Custom Event' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: customEvent.searchHint },
		credentials: [{ name: 'myTrackerApi', required: true }],
		properties: formOf(customEvent),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, customEvent);
	}
}
