import type { JSX } from "react";

/** What is said to those who may not come into a room. */
export const NotInvited = ({ user }: { readonly user: string | undefined }): JSX.Element => (
  <>
    <p className="note note-failed">You are not allowed into this room.</p>
    <p className="barred-why">
      Its owner can invite you
      {user !== undefined && (
        <>
          ; you are <b dir="auto">{user}</b>
        </>
      )}
      .
    </p>
  </>
);
