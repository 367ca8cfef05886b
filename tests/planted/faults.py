"""Every fault that is planted, by the sort of what is taken away."""

from . import (
    faults_allowed,
    faults_doors,
    faults_guard,
    faults_own,
    faults_permission,
    faults_proof,
    faults_scope,
    faults_told,
)
from .fault import Fault

FAULTS: tuple[Fault, ...] = (
    *faults_scope.FAULTS,
    *faults_own.FAULTS,
    *faults_permission.FAULTS,
    *faults_doors.FAULTS,
    *faults_guard.FAULTS,
    *faults_proof.FAULTS,
    *faults_allowed.FAULTS,
    *faults_told.FAULTS,
)
