import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { appMetricaOAuthCredential } from './credential';
import { resourceOf } from './resources';

/** The apps that the token may see. The answer also holds keys of each app, of which nothing is handed on. */
export async function getApplications(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { baseUrl } = await this.getCredentials<{ baseUrl: string }>(appMetricaOAuthCredential.type);
	const answer = (await this.helpers.httpRequestWithAuthentication.call(
		this,
		appMetricaOAuthCredential.type,
		{
			method: 'GET',
			url: `${String(baseUrl).trim().replace(/\/+$/, '')}/management/v1/applications`,
			disableFollowRedirect: true,
			json: true,
		},
	)) as { applications?: Array<{ id?: unknown; name?: unknown }> };
	return (answer.applications ?? []).map(({ id, name }) => ({
		name: `${String(name ?? 'No name')} (${String(id)})`,
		value: String(id),
	}));
}

/** The fields that AppMetrica's page lists for the chosen resource. */
export async function getFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const resource = resourceOf(this.getNodeParameter('resource', 'events'));
	return (resource?.fields ?? []).map((name) => ({ name, value: name }));
}
