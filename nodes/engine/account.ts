import type { IExecuteFunctions } from 'n8n-workflow';

import type { CredentialBinding, Json, Operation, Target } from './operation/operation';

/** A credential, ready for use. */
export interface Account {
	/** The decrypted credential, texts trimmed. */
	data: Json;
	/** Without trailing slashes. */
	baseUrl: string;
	/** The required fields without the secrets, trimmed; what encoders may see. */
	fields: Readonly<Record<string, string>>;
	/** Values that must never be seen. */
	secrets: readonly string[];
}

/** Why an account cannot be used, in words for the user. */
export interface AccountError {
	reason: string;
}

export const isAccountError = (account: Account | AccountError): account is AccountError =>
	'reason' in account;

/**
 * Where events go: an account, and in it an app or a section. A run has one object for each, so that destinations can be
 * compared by identity.
 */
export interface Destination extends Target {
	credential: Account;
	/** Tells the destinations of a run apart. */
	id: string;
}

/** Makes the function that gives the destination for an account and the value of the app's option, if it has one. */
export function createDestinations({ app }: Pick<CredentialBinding, 'app'>) {
	const known = new Map<Account, Map<string | undefined, Destination>>();
	let count = 0;
	return (credential: Account, other?: string): Destination => {
		let ofAccount = known.get(credential);
		if (!ofAccount) known.set(credential, (ofAccount = new Map()));
		let destination = ofAccount.get(other);
		if (!destination) {
			const account =
				app && other !== undefined ? { ...credential.fields, [app.field]: other } : credential.fields;
			destination = { baseUrl: credential.baseUrl, account, credential, id: String(++count) };
			ofAccount.set(other, destination);
		}
		return destination;
	};
}

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

function baseUrlFault(baseUrl: string): string | undefined {
	try {
		const { protocol } = new URL(baseUrl);
		if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
		// URL itself passes a bare one over.
		return /[?#]/.test(baseUrl) ? 'must end before any ? or #' : undefined;
	} catch {
		return 'is not a URL such as https://example.com';
	}
}

/** Reads the node's credential; one that cannot be used is a reason, not an error. */
export async function readAccount(
	host: IExecuteFunctions,
	{ credential }: Operation,
): Promise<Account | AccountError> {
	let decrypted: Json;
	try {
		decrypted = await host.getCredentials<Json>(credential.type);
	} catch {
		return {
			reason: `No usable '${credential.label}' credential is chosen; choose or create one in the node`,
		};
	}
	return accountOf(decrypted, credential);
}

/** Checks a decrypted credential. */
export function accountOf(decrypted: Json, credential: CredentialBinding): Account | AccountError {
	const data = Object.fromEntries(Object.entries(decrypted).map(([name, value]) => [name, trimmed(value)]));
	const textOf = (name: string) => String(data[name] ?? '');
	const missing = credential.required.find((name) => textOf(name) === '');
	if (missing)
		return { reason: `The credential '${credential.label}' has an empty field '${missing}'; fill it in` };
	const baseUrl = textOf('baseUrl').replace(/\/+$/, '');
	const wrong = baseUrlFault(baseUrl);
	if (wrong) return { reason: `The base URL of the credential '${credential.label}' ${wrong}` };
	const shown = credential.required.filter((name) => !credential.secrets.includes(name));
	return {
		data,
		baseUrl,
		fields: Object.fromEntries(shown.map((name) => [name, textOf(name)])),
		secrets: credential.secrets.map(textOf),
	};
}
