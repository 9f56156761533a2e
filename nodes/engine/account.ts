import { isPlainObject, textOf } from './check/objects';
import type { CredentialBinding, Json, Target } from './operation/operation';
import { userText } from './report/userText';
import type { CredentialReader } from './credentialReader';

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

/**
 * Makes the function that gives the destination for an account, the value of the app's option, if it has one, and the
 * vendor's method, where the event decides it.
 */
export function createDestinations({ app }: Pick<CredentialBinding, 'app'>) {
	const known = new Map<Account, Map<string, Destination>>();
	let count = 0;
	return (credential: Account, other?: string, method?: string): Destination => {
		let ofAccount = known.get(credential);
		if (!ofAccount) known.set(credential, (ofAccount = new Map()));
		const id = other === undefined && method === undefined ? '' : JSON.stringify([other, method]);
		let destination = ofAccount.get(id);
		if (!destination) {
			const account =
				app && other !== undefined ? { ...credential.fields, [app.field]: other } : credential.fields;
			const byMethod = method === undefined ? {} : { method };
			destination = { baseUrl: credential.baseUrl, account, credential, id: String(++count), ...byMethod };
			ofAccount.set(id, destination);
		}
		return destination;
	};
}

/** The accounts of a run's items. */
export interface Accounts {
	/** Of all items, where the credential is the same for each. */
	ofAll?: Account | AccountError;
	/** Items with equal credentials share one object. */
	of: (index: number) => Promise<Account | AccountError>;
	/** Of all credentials that were read so far, also of those that cannot be used. */
	secrets: () => readonly string[];
}

/** Reads the credential once, or for each item where its fields are expressions. */
export async function readAccounts(
	read: CredentialReader,
	binding: CredentialBinding,
	isChosen: boolean,
): Promise<Accounts> {
	const known = new Map<string, Account | AccountError>();
	const secrets: string[] = [];
	const accountFor = (data: Json): Account | AccountError => {
		const name = JSON.stringify(data);
		let account = known.get(name);
		if (!account) {
			known.set(name, (account = accountOf(data, binding)));
			secrets.push(...secretsIn(data, binding));
		}
		return account;
	};
	const readItem = async (index: number) => {
		const found = await read(index);
		if ('data' in found) return { account: accountFor(found.data), isSameForAll: found.isSameForAll };
		const isSameForAll = found.isSameForAll || !isChosen;
		return { account: unreadable(found.error, binding, isChosen), isSameForAll };
	};
	const { account, isSameForAll } = await readItem(0);
	const common = { secrets: () => secrets };
	if (isSameForAll) return { ...common, ofAll: account, of: async () => account };
	return { ...common, of: async (index) => (index === 0 ? account : (await readItem(index)).account) };
}

/** n8n's own reason why there is no credential, where it is more than that none is chosen. */
function unreadable(error: unknown, { label }: CredentialBinding, isChosen: boolean): AccountError {
	if (!isChosen) return { reason: `No '${label}' credential is chosen; choose or create one in the node` };
	const given = error instanceof Error ? error.message : String(error);
	const reason = userText(given, 300).replace(/[.\s]+$/, '');
	const advice = "choose it again in the node. n8n's reason";
	return { reason: `n8n could not read the credential '${label}'; ${advice}: ${reason}` };
}

/** The secrets that a decrypted credential holds. */
const secretsIn = (data: Json, { secrets }: CredentialBinding): string[] =>
	secrets.map((name) => givenText(data, name)).filter((secret) => secret !== '');

const givenText = (data: Json, name: string): string =>
	isPlainObject(data[name]) ? '' : textOf(data[name] ?? '').trim();

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** Checks a decrypted credential. */
export function accountOf(decrypted: Json, credential: CredentialBinding): Account | AccountError {
	const data = Object.fromEntries(Object.entries(decrypted).map(([name, value]) => [name, trimmed(value)]));
	const given = (name: string) => givenText(data, name);
	const error = (reason: string): AccountError => ({ reason });
	const ofCredential = `of the credential '${credential.label}'`;
	for (const name of new Set([...credential.required, ...credential.secrets])) {
		const text = given(name);
		if (text === '' && credential.required.includes(name))
			return error(`The credential '${credential.label}' has an empty field '${name}'; fill it in`);
		const odd = oddCharacter(text);
		if (odd)
			return error(
				`The field '${name}' ${ofCredential} holds the character ${odd}, which is not allowed there; type it again, or copy it without the characters around it`,
			);
	}
	const address = credential.baseUrl;
	const baseUrl = given(address?.field ?? 'baseUrl').replace(/\/+$/, '');
	const fault = baseUrlFault(baseUrl);
	if (fault) return error(`The ${address?.label ?? 'base URL'} ${ofCredential} ${fault}`);
	const shown = credential.required.filter((name) => !credential.secrets.includes(name));
	return {
		data,
		baseUrl,
		fields: Object.fromEntries(shown.map((name) => [name, given(name)])),
		secrets: secretsIn(data, credential),
	};
}

/**
 * The code point of the first character that is not printable ASCII. n8n's HTTP client drops some of them on the way, so
 * that a secret would leave, and be echoed, in a form that the mask does not know.
 */
function oddCharacter(text: string): string | undefined {
	const found = /[^\x20-\x7e]/u.exec(text)?.[0].codePointAt(0);
	return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

function baseUrlFault(baseUrl: string): string | undefined {
	try {
		const { protocol, username, password } = new URL(baseUrl);
		if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
		// n8n's HTTP client would send it in the place of the secret.
		if (username || password) return 'must not hold a user name or a password';
		// URL itself also reads https:example.com; n8n's HTTP client does not.
		if (!/^https?:\/\//i.test(baseUrl)) return 'must begin with http:// or https://';
		// URL itself passes a bare one over.
		return /[?#]/.test(baseUrl) ? 'must end before any ? or #' : undefined;
	} catch {
		const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(baseUrl);
		return hasScheme
			? 'is not a URL such as https://example.com'
			: 'must begin with https://, as in https://example.com';
	}
}
