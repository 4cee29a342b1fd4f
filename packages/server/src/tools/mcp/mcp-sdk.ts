import type * as ClientModule from "@modelcontextprotocol/client";

/** The optional package that speaks MCP. */
export type McpSdk = typeof ClientModule;

/**
 * Loads the package when a server is configured, so that nobody else needs it.
 *
 * @throws Error with a sentence for the operator when it is not installed
 */
export const loadMcpSdk = async (): Promise<McpSdk> => {
  try {
    return await import("@modelcontextprotocol/client");
  } catch (error) {
    throw new Error(
      "MCP servers need a package that is not installed: npm install @modelcontextprotocol/client@2",
      { cause: error },
    );
  }
};
