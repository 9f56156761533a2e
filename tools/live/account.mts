/** The credential of a real account, read from environment variables. */
import type { ICredentialDataDecryptedObject, ICredentialType, INodeProperties } from 'n8n-workflow';

export interface Variable {
	/** The credential's field. */
	field: string;
	/** `MYTRACKER_APP_ID`. */
	name: string;
	isSecret: boolean;
	/** Without one it must be set. */
	fallback: string;
}

/** `postApiKey` -> `POST_API_KEY`. */
const upperSnake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

/** `MyTracker` and `appId` -> `MYTRACKER_APP_ID`. */
export const variableName = (vendor: string, field: string): string =>
	`${vendor.toUpperCase()}_${upperSnake(field)}`;

export function variablesOf(vendor: string, credential: Pick<ICredentialType, 'properties'>): Variable[] {
	const isField = ({ type }: INodeProperties) => type !== 'notice' && type !== 'hidden';
	return credential.properties.filter(isField).map(({ name, typeOptions, default: fallback }) => ({
		field: name,
		name: variableName(vendor, name),
		isSecret: typeOptions?.password === true,
		fallback: String(fallback ?? ''),
	}));
}

/** The credential, or the variables that are missing. Fields that the sandbox leaves out may stay empty. */
export function readAccount(
	variables: readonly Variable[],
	required: readonly string[],
	environment: NodeJS.ProcessEnv,
): { data: ICredentialDataDecryptedObject } | { missing: string[] } {
	const values = variables.map((variable) => ({
		...variable,
		value: environment[variable.name]?.trim() || variable.fallback,
	}));
	const missing = values
		.filter(({ field, value }) => required.includes(field) && value === '')
		.map(({ name }) => name);
	if (missing.length) return { missing };
	return { data: Object.fromEntries(values.map(({ field, value }) => [field, value])) };
}
