import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { sendEvent } from '../sendEvent';

export class VibetraceSendEvent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vibetrace Send Event',
		name: 'vibetraceSendEvent',
		icon: { light: 'file:../../../icons/vibetrace.svg', dark: 'file:../../../icons/vibetrace.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf(
			'($rawParameter["type"] === "customType" ? $rawParameter["customType"] : $rawParameter["type"]).replace(/^=/, "")',
		),
		description:
			'Send events such as orders, logins and profile updates to Vibetrace, one by one or in batches. Needs the event type and the e-mail address of the person, or a user ID with a session ID; an order confirmation also needs its order ID.',
		defaults: { name: 'Vibetrace Send Event' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: sendEvent.searchHint },
		credentials: [{ name: 'vibetraceApi', required: true }],
		properties: formOf(sendEvent),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, sendEvent);
	}
}
