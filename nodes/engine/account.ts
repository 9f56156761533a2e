import type { IExecuteFunctions } from 'n8n-workflow';

import type { Json, Operation, Target } from './operation/operation';

/** The credential of a run, read once and ready for use. */
export interface Account {
	/** The decrypted credential, texts trimmed. */
	data: Json;
	/** Without trailing slashes. */
	baseUrl: string;
	app: string;
	/** The required fields, trimmed; what encoders may see. */
	fields: Readonly<Record<string, string>>;
	/** Values that must never be seen. */
	secrets: readonly string[];
}

/** Why a run cannot send at all, in words for the user. */
export interface AccountError {
	reason: string;
}

export const isAccountError = (account: Account | AccountError): account is AccountError =>
	'reason' in account;

/** What encoders need of the account; without one, enough to check and measure. */
export function targetFor(account: Account | AccountError, app: string): Target {
	if (isAccountError(account)) return { baseUrl: 'https://localhost', app, account: {} };
	return { baseUrl: account.baseUrl, app, account: account.fields };
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
	const data = Object.fromEntries(Object.entries(decrypted).map(([name, value]) => [name, trimmed(value)]));
	const fields = Object.fromEntries(credential.required.map((name) => [name, String(data[name] ?? '')]));
	const missing = credential.required.find((name) => fields[name] === '');
	if (missing)
		return { reason: `The credential '${credential.label}' has an empty field '${missing}'; fill it in` };
	const baseUrl = fields.baseUrl.replace(/\/+$/, '');
	const wrong = baseUrlFault(baseUrl);
	if (wrong) return { reason: `The base URL of the credential '${credential.label}' ${wrong}` };
	return {
		data,
		baseUrl,
		app: credential.app ? fields[credential.app.field] : '',
		fields,
		secrets: credential.secrets.map((name) => String(data[name] ?? '')),
	};
}
