"""The verifier for programs: the same verdicts as on its pages, as JSON under /api/v1/, and a description of itself.

Each module takes one kind of request apart; `answers` writes what is sent back. Nothing is judged here.
"""
