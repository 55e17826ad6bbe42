using System.Runtime.InteropServices;

namespace LbRunbook.Lab;

/// <summary>mkdir(2): .NET's own CreateDirectory is content with a directory that somebody else just made.</summary>
internal static partial class MakeDirectory
{
    private const int AlreadyExists = 17;
    private const uint OwnerOnly = 0b111_000_000;

    public static bool Exclusive(string path)
    {
        if (mkdir(path, OwnerOnly) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == AlreadyExists
            ? false
            : throw new LabException(LabProblem.Failed, $"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);
}
