import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Evidence } from './field';

export interface CredentialBinding {
	type: string;
	label: string;
	/** Fields whose values must never be seen. */
	secrets: readonly string[];
	/** To what in the vendor's system the events of an account go. */
	app?: AppBinding;
	/** Names under which an incoming item may hold a secret; they are no part of the event and never shown. */
	secretNames?: readonly string[];
	/** Other fields that must be filled. */
	required: readonly string[];
	/** The field with the address of this operation, where it is not `baseUrl`, and its label. */
	baseUrl?: { field: string; label: string };
	/** Adds the secrets to a request; the credential type's own `authenticate`. */
	authenticate: Authenticate;
}

export interface AppBinding {
	/** What the vendor calls it. */
	noun: 'app' | 'section' | 'account';
	/** The credential's field that names it. */
	field: string;
	label: string;
	is: 'number' | 'text';
	/** How many characters it usually has, and how sure that is. */
	length?: { usual: number; evidence: Evidence };
	/** The name under which an incoming item may hold it; it must then be the one to which the event goes. */
	wire: string;
	/** The option that overrides the credential's field, where a key is not bound to one. */
	option?: string;
}

/** n8n's function form of a credential's `authenticate`. */
export type Authenticate = (
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;
