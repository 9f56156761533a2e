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
	/** What to put into it. */
	help: string;
}

/** `postApiKey` -> `POST_API_KEY`. */
const upperSnake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

/** `MyTracker` and `appId` -> `MYTRACKER_APP_ID`. */
export const variableName = (vendor: string, field: string): string =>
	`${vendor.toUpperCase()}_${upperSnake(field)}`;

export function variablesOf(vendor: string, credential: Pick<ICredentialType, 'properties'>): Variable[] {
	const isField = ({ type }: INodeProperties) => type !== 'notice' && type !== 'hidden';
	return credential.properties
		.filter(isField)
		.map(({ name, typeOptions, default: fallback, description = '' }) => ({
			field: name,
			name: variableName(vendor, name),
			isSecret: typeOptions?.password === true,
			fallback: String(fallback ?? ''),
			help: description,
		}));
}

/** What the marked events need beside the credential, by vendor: the variable, what stands in for it, and what it is. */
export const EVENT_VARIABLES: Readonly<Record<string, { name: string; fallback: string; help: string }>> = {
	AppMetrica: {
		name: 'APPMETRICA_PROFILE_ID',
		fallback: 'n8n_live_check',
		help: "The ID of a profile that your app's SDK has reported. AppMetrica answers 200 for any other one, and drops its events",
	},
	Vibetrace: {
		name: 'VIBETRACE_EMAIL',
		fallback: 'n8n-live-check@example.com',
		help: 'An e-mail address that your account knows',
	},
};

/** All variables of a vendor, one a line, with what to put into them. */
export function explained(
	vendor: string,
	variables: readonly Variable[],
	required: readonly string[],
): string {
	const lines = variables.map(({ field, name, fallback, help }) => {
		const need = fallback ? `${fallback} unless set` : required.includes(field) ? 'needed' : 'may stay empty';
		return `  ${name} (${need})\n      ${help}`;
	});
	const more = EVENT_VARIABLES[vendor];
	if (more) lines.push(`  ${more.name} (${more.fallback} unless set)\n      ${more.help}`);
	const example = variables
		.filter(({ field, fallback }) => !fallback && required.includes(field))
		.map(({ name }) => `${name}='…' `)
		.join('');
	return `${lines.join('\n')}\n\nFor example:\n  ${example}npm run live -- ${vendor.toLowerCase()}`;
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
