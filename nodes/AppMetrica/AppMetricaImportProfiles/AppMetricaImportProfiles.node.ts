import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, HOW_SENT, run, subtitleOf } from '../../engine';
import { importProfiles } from '../importProfiles';

export class AppMetricaImportProfiles implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AppMetrica Import Profiles',
		name: 'appMetricaImportProfiles',
		icon: { light: 'file:../../../icons/appmetrica.svg', dark: 'file:../../../icons/appmetrica.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf(HOW_SENT),
		description:
			'Upload attributes of user profiles to AppMetrica, up to 100,000 profiles in one file. Needs the user profile ID and at least one of the attributes.',
		defaults: { name: 'AppMetrica Import Profiles' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: importProfiles.searchHint },
		credentials: [{ name: 'appMetricaApi', required: true }],
		properties: formOf(importProfiles),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, importProfiles);
	}
}
