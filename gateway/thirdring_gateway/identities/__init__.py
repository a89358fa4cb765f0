"""Who may connect: the branch's authority, and the units that were enrolled, renewed and revoked."""
