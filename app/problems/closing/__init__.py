"""What a closing needs: the five haves; what is learnt from it: playbooks."""
