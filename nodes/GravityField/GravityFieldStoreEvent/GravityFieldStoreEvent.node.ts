import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { storeEvent } from '../storeEvent';

export class GravityFieldStoreEvent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gravity Field Store Event',
		name: 'gravityFieldStoreEvent',
		icon: {
			light: 'file:../../../icons/gravityfield.svg',
			dark: 'file:../../../icons/gravityfield.dark.svg',
		},
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf(
			'($rawParameter["customType"] || $rawParameter["type"]).replace(/^=/, "").replace(/-v1$/, "")',
		),
		description:
			'Send what customers do, such as a purchase, a cart change or a login, to Gravity Field. Needs the event type and the event name; a purchase also needs its value (a number), an order ID and the cart as JSON.',
		defaults: { name: 'Gravity Field Store Event' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: storeEvent.searchHint },
		credentials: [{ name: 'gravityFieldApi', required: true }],
		properties: formOf(storeEvent),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, storeEvent);
	}
}
