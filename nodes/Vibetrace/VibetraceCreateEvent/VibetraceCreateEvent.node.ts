import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { createEvent } from '../createEvent';

export class VibetraceCreateEvent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vibetrace Create Event',
		name: 'vibetraceCreateEvent',
		icon: { light: 'file:../../../icons/vibetrace.svg', dark: 'file:../../../icons/vibetrace.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf(
			'($rawParameter["type"] === "customType" ? $rawParameter["customType"] : $rawParameter["type"]).replace(/^=/, "")',
		),
		description:
			'Create events for known users through the REST API of Vibetrace. Needs the event type and the user, by e-mail address or user ID; an order confirmation also needs its order ID.',
		defaults: { name: 'Vibetrace Create Event' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: createEvent.searchHint },
		credentials: [{ name: 'vibetraceApi', required: true }],
		properties: formOf(createEvent),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, createEvent);
	}
}
