import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

export interface CredentialBinding {
	type: string;
	label: string;
	/** Fields whose values must never be seen. */
	secrets: readonly string[];
	/**
	 * The credential's field that names the app, the option that overrides it and how the vendor calls it. `wire`: the
	 * name under which an incoming item may hold it; it must then be the app to which the event goes.
	 */
	app?: { field: string; option: string; label: string; wire?: string };
	/** Names under which an incoming item may hold a secret; they are no part of the event and never shown. */
	secretNames?: readonly string[];
	/** Other fields that must be filled. */
	required: readonly string[];
	/** Adds the secrets to a request; the credential type's own `authenticate`. */
	authenticate: Authenticate;
}

/** n8n's function form of a credential's `authenticate`. */
export type Authenticate = (
	credentials: ICredentialDataDecryptedObject,
	requestOptions: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;
