"""The verifying half of the VC-API: other people's tools post credentials and presentations, and learn what holds.

`proof_only` decides, `presenting` does so for presentations, `asking` reads what was asked, `views` speaks HTTP.
It is stateless and open to anybody, like the verifier's page. It is not the page's judgement: who may vouch for whom is
not asked here (docs/vc-api.md says what is).
"""
