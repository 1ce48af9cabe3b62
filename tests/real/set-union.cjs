// gitlab-ci-local is written for Node.js 22. Of what that has and 20 has not, it needs this one method.
Set.prototype.union ??= function union(other) {
  return new Set([...this, ...other]);
};
