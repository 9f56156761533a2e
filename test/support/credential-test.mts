import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as N8nCore from 'n8n-core';
import { createEmptyRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INode,
	INodeType,
} from 'n8n-workflow';

/**
 * What n8n's tester does with a declarative test: a node of one routed request, then the rules. Returns `passed`, the
 * message of the rule that matches, or that there is no such rule.
 */
export async function testCredential(
	credential: Required<Pick<ICredentialType, 'name' | 'test'>> & {
		authenticate: (
			data: ICredentialDataDecryptedObject,
			options: IHttpRequestOptions,
		) => Promise<IHttpRequestOptions>;
	},
	{ description }: INodeType,
	given: object,
): Promise<string> {
	const { ExecuteContext, RoutingNode } = createRequire(join(process.cwd(), 'package.json'))(
		'n8n-core',
	) as typeof N8nCore;
	const { name: type } = credential;
	const { request, rules = [] } = credential.test;
	const data = given as ICredentialDataDecryptedObject;
	const node: INode = {
		id: 'temp',
		name: 'Temp',
		type: 'temp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type]: { id: '1', name: 'x' } },
	};
	const nodeType = {
		description: {
			...description,
			name: 'temp',
			credentials: [{ name: type, required: true }],
			properties: [{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' }],
		},
	} as unknown as INodeType;
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => nodeType,
			getByNameAndVersion: () => nodeType,
			getKnownTypes: () => ({}),
		},
	});
	const additionalData = {
		credentialsHelper: {
			getParentTypes: () => [],
			getDecrypted: async () => data,
			isCredentialUsableByNode: () => true,
			preAuthentication: async () => undefined,
			authenticate: async (
				decrypted: ICredentialDataDecryptedObject,
				_type: string,
				options: IHttpRequestOptions,
			) => await credential.authenticate(decrypted, options),
		},
		variables: {},
		currentNodeExecutionIndex: 0,
		webhookWaitingBaseUrl: 'http://localhost',
		formWaitingBaseUrl: 'http://localhost',
	};
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData as never,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null } as never,
		[],
	);
	try {
		await new RoutingNode(context, nodeType, { id: '1', name: 'x', type, data }).runNode();
		return 'passed';
	} catch (error) {
		const { cause, message } = error as Error & {
			cause?: { response?: { status: number }; code?: string };
		};
		const status = cause?.response?.status;
		const found = rules.find((rule) => rule.type === 'responseCode' && rule.properties.value === status);
		return found ? found.properties.message : `no rule: ${status ?? cause?.code ?? message}`;
	}
}
