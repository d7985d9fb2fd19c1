import { describe, expect, it } from "@jest/globals";
import { scramVerifier } from "../../../modules/database/set-service-user/scram";

describe("the verifier of a password", () => {
  it("is that of RFC 7677", () => {
    // The example of the RFC: user "user", password "pencil". https://www.rfc-editor.org/rfc/rfc7677#section-3
    expect(scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"))).toBe(
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });

  it("has another salt each time", () => {
    expect(scramVerifier("pencil")).not.toBe(scramVerifier("pencil"));
  });
});
