/** Signing in and out, the member's own account. */
import { answer, api } from "./client";
import type { ApiToken, Me } from "./shapes";

export const signIn = (email: string, password: string): Promise<Me> =>
  answer(api.POST("/api/v1/sign-ins", { body: { email, password } }));

export const signInByLink = (token: string): Promise<Me> =>
  answer(api.POST("/api/v1/sign-ins/by-link", { body: { token } }));

export const signOut = (): Promise<unknown> => answer(api.DELETE("/api/v1/sign-ins/current"));

export const getMe = (): Promise<Me> => answer(api.GET("/api/v1/me"));

export const changePassword = (current: string | null, next: string): Promise<unknown> =>
  answer(api.PUT("/api/v1/me/password", { body: { current, new: next } }));

export const listApiTokens = (): Promise<ApiToken[]> => answer(api.GET("/api/v1/me/api-tokens"));

/** The secret is shown once, with this answer. */
export const makeApiToken = (name: string): Promise<ApiToken & { token: string }> =>
  answer(api.POST("/api/v1/me/api-tokens", { body: { name } }));

export const dropApiToken = (token_id: string): Promise<unknown> =>
  answer(api.DELETE("/api/v1/me/api-tokens/{token_id}", { params: { path: { token_id } } }));
